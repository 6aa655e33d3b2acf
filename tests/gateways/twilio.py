"""A server of tests that speaks Twilio's protocol: takes messages as its API of 2010-04-01 says, and signs its reports.

The signature is computed here from Twilio's description ("Validating signatures from Twilio"), not by its library.
"""

import base64
import hashlib
import hmac
import json
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from pytest_django.fixtures import Settings

ACCOUNT, TOKEN = "AC" + "0f" * 16, "a token that nobody else knows"
NUMBER, REPORTS = "+33712345642", "https://signature.exemple.fr"


@dataclass
class Plan:
    """What becomes of a message: how the call is answered, and whether it is answered at all.

    `body`: bytes in place of the answer that the protocol asks for; `silent`: it is taken, and nobody says so.
    """

    status: int = 201
    code: int = 0
    words: str = ""
    body: bytes | None = None
    silent: bool = False


@dataclass
class Taken:
    """One message that was handed over, with the fields of the request."""

    sid: str
    fields: dict[str, str]

    def report(self, status: str, *, token: str = TOKEN, **more: str) -> tuple[dict[str, str], dict[str, str]]:
        """Fields and headers of the report that this message is now `status`."""
        fields = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "From": self.fields.get("From", ""),
            "MessageSid": self.sid,
            "MessageStatus": status,
            "SmsSid": self.sid,
            "SmsStatus": status,
            "To": self.fields["To"],
            **more,
        }
        return fields, {"X-Twilio-Signature": signature(self.fields["StatusCallback"], fields, token)}

    def tell(self, status: str, **more: str) -> int:
        """Report over the wire, as Twilio does; gives the status of the answer."""
        fields, headers = self.report(status, **more)
        return httpx.post(self.fields["StatusCallback"], data=fields, headers=headers).status_code


@dataclass
class Server:
    """What a test sees of it."""

    url: str
    plan: Plan = field(default_factory=Plan)
    taken: list[Taken] = field(default_factory=list)
    asked: int = 0

    @property
    def settings(self) -> dict[str, str]:
        """Settings.TWILIO for it."""
        return {"url": self.url, "account": ACCOUNT, "token": TOKEN, "sender": "Paraphe"}


def signature(address: str, fields: dict[str, str], token: str) -> str:
    """Address, then each field's name and value in the order of their names; HMAC-SHA1, base64."""
    told = address + "".join(f"{name}{value}" for name, value in sorted(fields.items()))
    return base64.b64encode(hmac.new(token.encode(), told.encode(), hashlib.sha1).digest()).decode()


@contextmanager
def running() -> Iterator[Server]:
    """Listen on a port of 127.0.0.1 until the block ends."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    server = http.seen = Server(f"http://127.0.0.1:{http.server_address[1]}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        seen: Server = self.server.seen  # type: ignore[attr-defined]
        seen.asked += 1
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            self._say(404, _error(404, 20404, "The requested resource was not found"))
            return
        if self.headers["Authorization"] != f"Basic {base64.b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}":
            self._say(401, _error(401, 20003, "Authenticate"))
            return
        plan, fields = seen.plan, dict(parse_qsl(body, strict_parsing=True))
        if plan.code:
            self._say(plan.status, _error(plan.status, plan.code, plan.words))
            return
        message = Taken("SM" + secrets.token_hex(16), fields)
        seen.taken.append(message)
        if plan.silent:  # hung up: the caller learns nothing
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._say(plan.status, plan.body if plan.body is not None else _resource(message))

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def _error(status: int, code: int, words: str) -> bytes:
    told: dict[str, Any] = {"code": code, "message": words, "more_info": f"https://x/{code}", "status": status}
    return json.dumps(told).encode()


def _resource(message: Taken) -> bytes:
    """The Message resource as the API gives it."""
    told: dict[str, Any] = {
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "body": message.fields["Body"],
        "date_created": "Mon, 30 Nov 2026 12:00:00 +0000",
        "date_sent": None,
        "date_updated": "Mon, 30 Nov 2026 12:00:00 +0000",
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": message.fields.get("From"),
        "messaging_service_sid": message.fields.get("MessagingServiceSid"),
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": "queued",
        "subresource_uris": {},
        "to": message.fields["To"],
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{message.sid}.json",
    }
    return json.dumps(told).encode()


@pytest.fixture(scope="session")
def _twilio_service() -> Iterator[Server]:
    with running() as started:
        yield started


@pytest.fixture
def twilio_server(_twilio_service: Server, settings: Settings) -> Server:
    """The carrier of SMS, as it was never asked before."""
    settings.SMS_CARRIER = "otp.delivery.twilio.TwilioCarrier"
    settings.TWILIO = _twilio_service.settings
    settings.SMS_REPORT_URL = REPORTS
    _twilio_service.plan = Plan()
    _twilio_service.taken.clear()
    _twilio_service.asked = 0
    return _twilio_service
