"""What nginx refuses by itself: JSON on the service's port, a page of ours on the people's, whatever is sent."""

import http.client
import json
import re
import socket
import ssl
import subprocess
from dataclasses import dataclass

import pytest

from tests.docker.composed import Composed

HOST = "HTTP/1.1\r\nHost: localhost\r\n"
OVER = 4 * 50_000_000 + 1_000_001
"""A byte more than a client may send whose documents have 50 MB at most."""
REFUSED = {
    "trace": (f"TRACE / {HOST}\r\n", 405, "ERROR_METHOD"),
    "connect": (f"CONNECT localhost:1 {HOST}\r\n", 400, "ERROR_BAD_REQUEST"),
    "transfer encoding": (f"POST / {HOST}Transfer-Encoding: foo\r\n\r\n", 400, "ERROR_BAD_REQUEST"),
    "another HTTP": ("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 400, "ERROR_BAD_REQUEST"),
    "no HTTP": ("rien\r\n\r\n", 400, "ERROR_BAD_REQUEST"),
    "no host": ("GET / HTTP/1.1\r\n\r\n", 400, "ERROR_BAD_REQUEST"),
    "a long header": (f"GET / {HOST}X-Long: {'x' * 9000}\r\n\r\n", 431, "ERROR_HEADERS_TOO_LONG"),
    "a long address": (f"GET /{'x' * 9000} {HOST}\r\n", 414, "ERROR_URI_TOO_LONG"),
    "no percent": (f"GET /%zz {HOST}\r\n", 400, "ERROR_BAD_REQUEST"),
    "a null": (f"GET /%00 {HOST}\r\n", 400, "ERROR_BAD_REQUEST"),
    "above the root": (f"GET /../../x {HOST}\r\n", 400, "ERROR_BAD_REQUEST"),
    "the refusals' own place": (f"GET /.refused/large {HOST}\r\n", 404, "ERROR_NOT_FOUND"),
    "too large for anybody": (f"POST / {HOST}Content-Length: 900000000\r\n\r\n[", 413, "ERROR_TOO_LARGE"),
}


@dataclass(frozen=True)
class Told:
    status: int
    kind: str
    body: str


def answered(connection: socket.socket, sent: bytes, *, more: int = 0) -> Told:
    """The answer to these bytes, and to `more` after them for as long as they are taken."""
    try:
        connection.sendall(sent)
        for _ in range(more // 1_000_000):
            connection.sendall(b" " * 1_000_000)
    except OSError:
        pass  # refused before everything was sent: the answer is there all the same
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return Told(answer.status, answer.getheader("Content-Type", ""), answer.read().decode())


def told(composed: Composed, port: int, sent: str, *, more: int = 0, plain: bool = False) -> Told:
    context = ssl.create_default_context(cafile=composed.state / "sandbox" / "tls-root.crt")
    client = composed.state / "sandbox" / "client"
    context.load_cert_chain(client.with_suffix(".crt"), client.with_suffix(".key"))
    with socket.create_connection(("localhost", port), timeout=20) as bare:
        if plain:
            return answered(bare, sent.encode())
        with context.wrap_socket(bare, server_hostname="localhost") as secure:
            return answered(secure, sent.encode(), more=more)


def refused(answer: Told, status: int, label: str) -> None:
    read = json.loads(answer.body)
    assert (answer.status, answer.kind, read["errorLabel"]) == (status, "application/json", label)
    assert set(read) == {"errorMsg", "errorLabel"}


@pytest.mark.parametrize("name", REFUSED)
def test_the_service_refuses_in_json(composed: Composed, name: str) -> None:
    """certsign-api.md, Transport: nothing ever answers HTML."""
    sent, status, label = REFUSED[name]
    refused(told(composed, composed.service, sent), status, label)


@pytest.mark.parametrize("name", REFUSED)
def test_people_are_refused_with_a_page_of_ours(composed: Composed, name: str) -> None:
    sent, status, _ = REFUSED[name]
    answer = told(composed, composed.people, sent)
    assert answer.status == (400 if status == 431 else status)
    assert answer.kind == "text/html; charset=utf-8"
    assert re.search(r'<h1>[^<$]+\.</h1><p class="lead" lang="en">[^<$]+\.</p>', answer.body)


def test_a_browser_that_sends_too_much_over_http2_reads_the_same_page(composed: Composed) -> None:
    """Where the body's limit is looked at once more for the refusal itself."""
    trusted = ["--cacert", str(composed.state / "sandbox" / "tls-root.crt"), "--noproxy", "*"]
    length = ["--header", "Content-Length: 500000000", "--data", "x"]
    line = ["curl", "--silent", "--http2", *trusted, *length, "--write-out", "%{http_version} %{http_code}"]
    for path in ("/", "/verify/"):
        done = subprocess.run([*line, composed.url + path], capture_output=True, text=True, check=False, timeout=20)
        assert done.stdout.endswith("2 413")
        assert "none of it was read" in done.stdout


def test_who_speaks_no_tls_is_told_so(composed: Composed) -> None:
    refused(told(composed, composed.service, f"GET / {HOST}\r\n", plain=True), 400, "ERROR_BAD_REQUEST")
    assert "https" in told(composed, composed.people, f"GET / {HOST}\r\n", plain=True).body


def test_a_body_over_the_clients_limit_is_refused_when_it_is_announced(composed: Composed) -> None:
    """reliability.md, Threats, bombs: one byte more is 413 before it is read; one byte of it has come."""
    sent = f"POST /ephemeral/signatures {HOST}Content-Type: application/json\r\nContent-Length: {OVER}\r\n\r\n["
    refused(told(composed, composed.service, sent), 413, "ERROR_TOO_LARGE")


def test_who_goes_on_sending_it_is_told_the_same(composed: Composed) -> None:
    """And not that the service is away, after which a client would send it again."""
    sent = f"POST /ephemeral/signatures {HOST}Content-Type: application/json\r\nContent-Length: {OVER}\r\n\r\n"
    for _ in range(5):
        refused(told(composed, composed.service, sent, more=OVER), 413, "ERROR_TOO_LARGE")


def test_after_a_refusal_the_next_call_of_anybody_is_answered(composed: Composed) -> None:
    """Connections to the process behind are shared by all who call: none is left with a body, or read empty."""
    other = f"POST /ephemeral/orders {HOST}Content-Type: text/plain\r\nContent-Length: 4\r\n\r\nrien"
    for _ in range(4):
        refused(told(composed, composed.service, other), 415, "ERROR_MEDIA_TYPE")
        for _ in range(3):
            assert told(composed, composed.service, f"GET /openapi.json {HOST}\r\n").status == 200


def test_a_body_without_a_length_is_not_waited_for(composed: Composed) -> None:
    sent = (
        f"POST /ephemeral/orders {HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n"
    )
    refused(told(composed, composed.service, sent), 411, "ERROR_LENGTH_REQUIRED")
