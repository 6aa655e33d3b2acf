"""One call to another CertSign: HTTPS with our client certificate, JSON both ways, bounded in time and size.

What may go wrong is told apart by a word, and logged under it. Nothing here knows what a call is for.
"""

import json
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from evidence import as_it_comes
from signing.gateway.remote.troubles import NoAnswer, Trouble, of_exchange

T = TypeVar("T")
LONGEST_WAIT, LONGEST_NUMBER = 24 * 3600.0, 12
MOST_PARTS = 50_000
_BEGINNINGS = (b"[", b"{", b",")
"""A signed file in base64 has none of these. A hundred megabytes of `[],` would be gigabytes once they are read."""
logger = logging.getLogger("paraphe.remote")


class Refused(Exception):
    """The other service refused the call, in its own form: status, `errorLabel`, `errorMsg`."""

    def __init__(self, status: int, label: str, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(f"{status} {label}")
        self.status = status
        self.label = label
        self.sentence = sentence
        self.retry_after = retry_after


class Deadline:
    """Ends a call after `seconds`, `over` being true then: its connection is closed below it. `met`: somebody listens.

    The limits of httpx hold for each read: an answer that comes drop by drop, headers or body, would never reach them.
    """

    def __init__(self, seconds: float) -> None:
        self.over = self.met = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def watch(self, event: str, told: Mapping[str, Any]) -> None:
        """Take the connection from httpx's `trace`, once TLS stands; the handshake has the limit of connecting."""
        self.met = self.met or event == "connection.connect_tcp.complete"
        if event == "connection.start_tls.complete":
            self._socket = told["return_value"].get_extra_info("socket")
            if self.over:
                self._close()

    def _end(self) -> None:
        self.over = True
        self._close()

    def _close(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # it has ended meanwhile
                self._socket.shutdown(socket.SHUT_RDWR)


class Wire:
    """The way to one service, as `settings.CERTSIGN` has it; read when the first call is made."""

    def __init__(self, configured: Mapping[str, Any]) -> None:
        self._to = configured
        self._context: ssl.SSLContext | None = None

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str],
        read: Callable[[Any], T],
        body: object = None,
        seconds: float | None = None,
    ) -> T:
        """What `read` makes of the JSON of a 200 or 201, of None for a 204 or an empty 200. Raises `NoAnswer`, as
        `read` may, and `Refused`.

        Both are logged. A connection of its own for each call: minutes lie between the calls of a path. Redirects are
        not followed.
        """
        told: dict[str, object] = {"job": f"{method} {path}"}
        try:
            return read(self._answered(method, path, query, body, seconds or self._to["answer_seconds"], told))
        except NoAnswer as error:
            alarm = error.trouble in {Trouble.UNCONFIGURED, Trouble.TLS, Trouble.NOT_ADMITTED}
            level = logging.ERROR if alarm else logging.WARNING
            told |= {"outcome": error.trouble, "label": error.label}
            logger.log(level, "no answer of the signing service", extra=told)
            raise
        except Refused as error:
            absent = error.status == HTTPStatus.NOT_FOUND  # which is asked about often
            level = logging.INFO if absent else logging.WARNING
            logger.log(level, "refused by the signing service", extra=told | {"label": error.label})
            raise

    def _answered(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: object,
        seconds: float,
        told: dict[str, object],
    ) -> Any:
        limits = httpx.Timeout(seconds, connect=self._to["connect_seconds"])
        context = self._trusting()
        with (
            Deadline(seconds) as deadline,
            self._client(context, limits) as http,
        ):
            url, watched = self._to["url"] + path, {"trace": deadline.watch}
            try:
                with http.stream(method, url, params=query, json=body, extensions=watched) as answer:
                    told["status"] = answer.status_code
                    content = self._content(answer)
            except httpx.HTTPError as error:
                raise NoAnswer(Trouble.SLOW) if deadline.over else of_exchange(error, met=deadline.met) from error
        return _judged(answer, content)

    def _client(self, context: ssl.SSLContext, limits: httpx.Timeout) -> httpx.Client:
        # What the machine's environment says of proxies and authorities is not meant for this.
        return httpx.Client(
            verify=context, timeout=limits, headers=as_it_comes.HEADERS, follow_redirects=False, trust_env=False
        )

    def _content(self, answer: httpx.Response) -> bytes:
        content = bytearray()
        for chunk in as_it_comes.pieces(answer):
            content += chunk
            if len(content) > self._to["answer_bytes"]:
                raise NoAnswer(Trouble.TOO_LARGE)
        return bytes(content)

    def _trusting(self) -> ssl.SSLContext:
        if self._context is None:
            try:
                context = ssl.create_default_context(cafile=self._to["ca"])
                context.minimum_version = ssl.TLSVersion.TLSv1_2
                context.load_cert_chain(self._to["certificate"], self._to["key"])
            except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
                raise NoAnswer(Trouble.UNCONFIGURED, reached=False) from error
            self._context = context
        return self._context


def _judged(answer: httpx.Response, content: bytes) -> Any:
    """What an answer says, by its status and form."""
    status = answer.status_code
    said_nothing = status == HTTPStatus.OK and not content  # the contract says of some calls no more than "200"
    if said_nothing or status == HTTPStatus.NO_CONTENT:
        return None
    if not answer.headers.get("content-type", "").lower().startswith("application/json"):
        raise NoAnswer(Trouble.NOT_JSON)
    if sum(map(content.count, _BEGINNINGS)) > MOST_PARTS:
        raise NoAnswer(Trouble.TOO_LARGE)
    try:
        read = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NoAnswer(Trouble.NOT_JSON) from error
    if status in {HTTPStatus.OK, HTTPStatus.CREATED}:
        return read
    wait = _seconds(answer.headers.get("retry-after", ""))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NoAnswer(Trouble.FAILING, retry_after=wait)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise NoAnswer(Trouble.NOT_ADMITTED, retry_after=wait)
    label, sentence = (read.get("errorLabel"), read.get("errorMsg")) if isinstance(read, dict) else (None, None)
    if status < HTTPStatus.BAD_REQUEST or not isinstance(label, str):
        raise NoAnswer(Trouble.OTHER_SHAPE)
    raise Refused(status, label[:100], sentence if isinstance(sentence, str) else "", wait)


def _seconds(written: str) -> float | None:
    """Retry-After in seconds, a day at most; a date, which nobody sends here, is left aside."""
    is_number = written.isascii() and written.isdigit()
    return min(float(written[:LONGEST_NUMBER]), LONGEST_WAIT) if is_number else None
