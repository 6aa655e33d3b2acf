"""Mail through a provider's API, whole: sent by anymail to a server that speaks Postmark's, reported by its webhook."""

import base64
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from config.urls_people import urlpatterns as people
from evidence import trail
from otp import early
from otp.early import EarlyReport
from otp.models import Message
from signing.jobs import letters
from signing.jobs.sweep import sweep
from signing.models import Signer
from tests.signing import walks

TOKEN, SECRET, KNOWN_AS = "a token of Postmark's", "somebody:a word", "b7bc2f4a-e38e-4336-af7d-e6c392c2f817"
TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": KNOWN_AS, "To": "camille@exemple.fr"}
INACTIVE = {
    "ErrorCode": 406,
    "Message": "You tried to send to recipient(s) that have been marked as inactive. "
    "Found inactive addresses: camille@exemple.fr. Inactive recipients are ones that have generated a hard bounce.",
}
# As `config.urls_people` has it where ANYMAIL_WEBHOOK_SECRET is given.
urlpatterns = [*people, path("anymail/", include("anymail.urls"))]


class Provider(ThreadingHTTPServer):
    """What it answers (status, JSON), and what it was handed: the token and the mail."""

    daemon_threads = True
    answer: tuple[int, object] = (200, TAKEN)

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.handed: list[tuple[str, dict[str, Any]]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        mail = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.handed.append((self.headers["X-Postmark-Server-Token"], mail))
        status, told = self.server.answer
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider(walk: Path, settings: Settings) -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": TOKEN,
        "POSTMARK_API_URL": f"http://127.0.0.1:{server.server_address[1]}/",
        "WEBHOOK_SECRET": SECRET,
    }
    settings.ROOT_URLCONF = __name__
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def sent(walk: Path) -> Message:
    """The letter with the link, tried once."""
    walks.an_envelope(walk)
    letter = Message.objects.get(kind="link")
    letters.send_message(str(letter.pk), owner="w", clock=now)
    letter.refresh_from_db()
    return letter


def told(client: Client, *, secret: str = SECRET, **event: str) -> int:
    """An event of the provider, at the address that it was given."""
    word = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}
    body = json.dumps({"MessageID": KNOWN_AS, "Recipient": "camille@exemple.fr", **event})
    url = "/anymail/postmark/tracking/"
    return client.post(url, body, content_type="application/json", headers=word).status_code


def kinds() -> list[str]:
    return [
        each for each in walks.entries(Signer.objects.get()) if each in {"link.sent", "link.accepted", "link.bounced"}
    ]


def test_what_it_takes_is_known_by_its_id_and_what_it_delivers_is_an_entry(
    provider: Provider, walk: Path, client: Client
) -> None:
    letter = sent(walk)
    ((token, mail),) = provider.handed
    assert (token, mail["To"], "/a/" in mail["TextBody"]) == (TOKEN, "camille@exemple.fr", True)
    assert (letter.outcome, letter.message_id) == ("SENT", KNOWN_AS)
    delivered = {"RecordType": "Delivery", "DeliveredAt": "2026-11-30T12:00:00Z", "Details": "250 2.0.0 OK"}
    assert [told(client, **delivered) for _ in range(2)] == [200, 200]
    assert kinds() == ["link.sent", "link.accepted"]


def test_what_comes_back_is_an_entry_with_the_servers_words(provider: Provider, walk: Path, client: Client) -> None:
    sent(walk)
    bounce = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "BouncedAt": "2026-11-30T12:00:00Z",
        "Email": "camille@exemple.fr",
    }
    assert told(client, **bounce, Details="smtp;550 5.1.1 unknown") == 200
    assert kinds() == ["link.sent", "link.bounced"]
    signer = Signer.objects.select_related("envelope__trail").get()
    (entry,) = [each for each in trail.entries(signer.envelope.trail) if each.kind == "link.bounced"]
    assert entry.value("answer") == "smtp;550 5.1.1 unknown"


def test_what_is_told_before_the_answer_is_kept_and_told_after_it(
    provider: Provider, walk: Path, client: Client
) -> None:
    """Its id comes with the answer: until then nobody knows whose report it is."""
    bounce = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "BouncedAt": "2026-11-30T12:00:00Z",
        "Email": "x@exemple.fr",
    }
    assert [told(client, **bounce, Details="550 camille@exemple.fr unknown") for _ in range(2)] == [200, 200]
    (kept,) = EarlyReport.objects.values()
    assert "camille" not in str(kept)
    sweep(now())
    assert EarlyReport.objects.count() == 1
    sent(walk)
    sweep(now())
    assert kinds() == ["link.sent", "link.bounced"]
    assert not EarlyReport.objects.exists()


def test_what_is_told_of_messages_of_others_is_forgotten(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other programs may write by the same account: not more than so many are kept, and not for long."""
    monkeypatch.setattr(early, "MOST_KEPT", 3)
    begin = now()
    for n in range(5):
        early.keep(f"of-others-{n}", Message.Report.DELIVERED, at=begin + timedelta(seconds=n))
    assert set(EarlyReport.objects.values_list("message_id", flat=True)) == {f"of-others-{n}" for n in (2, 3, 4)}
    sweep(begin + timedelta(seconds=3) + early.KEPT_FOR)
    assert [each.message_id for each in EarlyReport.objects.all()] == ["of-others-3", "of-others-4"]


def test_who_does_not_know_the_secret_is_not_heard(provider: Provider, walk: Path, client: Client) -> None:
    sent(walk)
    assert told(client, secret="somebody:else", RecordType="Delivery", DeliveredAt="2026-11-30T12:00:00Z") == 400
    assert kinds() == ["link.sent"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [((422, INACTIVE), "BOUNCED"), ((500, {}), "WAITING"), ((401, {"ErrorCode": 10, "Message": "No"}), "WAITING")],
    ids=["refused for good", "broke", "token"],
)
def test_what_it_does_not_take(provider: Provider, walk: Path, answer: tuple[int, object], outcome: str) -> None:
    """A recipient that it will not write to is a bounce; everything else is tried again."""
    provider.answer = answer
    assert sent(walk).outcome == outcome
    assert kinds() == (["link.bounced"] if outcome == "BOUNCED" else [])
