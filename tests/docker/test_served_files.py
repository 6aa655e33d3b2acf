"""Documents through the real nginx: it sends the bytes, and the answer is the one that the process alone would give."""

import http.client
import json
import socket
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path

import pytest

from signing import access
from tests.docker.composed import Composed
from tests.http_signer import HttpSigner
from tests.pdfs import sound

HELD = (  # what an answer with a document says of itself, with nginx and without
    *("Content-Type", "Content-Disposition", "Content-Security-Policy", "ETag", "Cache-Control"),
    *("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Content-Language", "Vary"),
    *("Strict-Transport-Security", "Cross-Origin-Opener-Policy", "Last-Modified", "Content-Encoding"),
)


@dataclass(frozen=True)
class Told:
    status: int
    headers: HTTPMessage
    body: bytes


class OverSocket(http.client.HTTPConnection):
    """To a process itself, as nginx reaches it."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=10)
        self.place = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.place)


@dataclass(frozen=True)
class Reader:
    """A signer who has opened a path, and its document."""

    composed: Composed
    address: str
    cookie: str
    content: bytes

    def ask(self, *, cookie: str | None = None, **headers: str) -> Told:
        """Through nginx, over TLS."""
        return self._asked(self.composed.connection(self.composed.people), cookie, headers)

    def ask_behind(self, **headers: str) -> Told:
        """The process, past nginx."""
        forwarded = {
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "127.0.0.1",
            "Host": f"localhost:{self.composed.people}",
        }
        return self._asked(OverSocket(self.composed.folder / "run" / "people.sock"), None, forwarded | headers)

    def _asked(self, to: http.client.HTTPConnection, cookie: str | None, headers: dict[str, str]) -> Told:
        try:
            held = {"Cookie": f"{access.COOKIE}={self.cookie if cookie is None else cookie}"}
            to.request(
                "GET", self.address, headers=held | {name.replace("_", "-"): said for name, said in headers.items()}
            )
            answer = to.getresponse()
            return Told(answer.status, answer.headers, answer.read())
        finally:
            to.close()


@pytest.fixture(scope="module")
def reader(composed: Composed, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    contract = tmp_path_factory.mktemp("served") / "contrat.pdf"
    contract.write_bytes(sound.contract(3))
    told = json.loads(
        composed.manage("create_envelope", "--to-sign", contract, "--signer", "Camille;Martin;camille@exemple.fr;")
    )
    signer = HttpSigner(composed.state / "sandbox" / "tls-root.crt")
    path = signer.open(told["signers"][0]["link"]).url.partition(f":{composed.people}")[2]
    return Reader(composed, f"{path}presented/1.pdf", signer.cookie(access.COOKIE), contract.read_bytes())


def test_nginx_sends_the_bytes_of_what_the_process_lets_it_send(reader: Reader) -> None:
    """The process answers without a body and names the file; who asks sees neither."""
    behind, whole = reader.ask_behind(), reader.ask()
    assert behind.headers["X-Accel-Redirect"].startswith("/.files/")
    assert behind.body == b""
    assert (whole.status, whole.body) == (200, reader.content)
    assert whole.headers["X-Accel-Redirect"] is None
    assert whole.headers["Content-Length"] == str(len(reader.content))


def test_the_headers_are_those_that_the_process_gave(reader: Reader) -> None:
    """signer-page.md, Transfer: strong ETag, private and no-cache, no encoding; the policy of the file stays."""
    behind, whole, part = reader.ask_behind(), reader.ask(), reader.ask(Range="bytes=0-9")
    for name in HELD:
        assert whole.headers.get_all(name) == behind.headers.get_all(name), name
        assert part.headers.get_all(name) == behind.headers.get_all(name), name
    assert whole.headers.get_all("Accept-Ranges") == ["bytes"]  # once; a part says it by its Content-Range
    assert whole.headers["Cache-Control"] == "private, no-cache"
    assert len(whole.headers["ETag"]) == 66
    assert "sandbox" in whole.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=0-9", 0, 9), ("bytes=100-", 100, None), ("bytes=-25", -25, None)]
)
def test_a_range_is_answered_by_that_range(reader: Reader, asked: str, first: int, last: int | None) -> None:
    part = reader.ask(Range=asked)
    size = len(reader.content)
    wanted = reader.content[first:] if last is None else reader.content[first : last + 1]
    begins = size + first if first < 0 else first
    assert (part.status, part.body) == (206, wanted)
    assert part.headers["Content-Range"] == f"bytes {begins}-{begins + len(wanted) - 1}/{size}"


def test_what_cannot_be_met_or_is_not_one_range_is_answered_as_ever(reader: Reader) -> None:
    beyond = reader.ask(Range=f"bytes={len(reader.content)}-")
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{len(reader.content)}")
    several = reader.ask(Range="bytes=0-9,20-29")
    assert (several.status, several.body) == (200, reader.content)


def test_who_has_the_bytes_gets_none_again(reader: Reader) -> None:
    etag = reader.ask().headers["ETag"]
    again = reader.ask(If_None_Match=etag)
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    assert reader.ask(Range="bytes=0-9", If_Range=etag).status == 206
    assert reader.ask(Range="bytes=0-9", If_Range='"other"').status == 200
    assert reader.ask(If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT").status == 200


def test_nobody_reaches_a_file_by_its_name(reader: Reader) -> None:
    """Neither without a visit, nor by the address that the process gives to nginx alone."""
    assert reader.ask(cookie="x" * 43).status == 403
    place = reader.ask_behind().headers["X-Accel-Redirect"]
    status, body, _ = reader.composed.ask(reader.composed.people, place)
    assert status == 404
    assert "%PDF" not in body
    assert reader.composed.ask(reader.composed.service, place)[0] == 401
    assert reader.composed.ask(reader.composed.pki, place)[0] == 404


def test_a_download_has_its_name(reader: Reader) -> None:
    named = Reader(reader.composed, f"{reader.address}?download", reader.cookie, reader.content).ask()
    assert (named.status, named.body) == (200, reader.content)
    assert named.headers["Content-Disposition"] == 'attachment; filename="contrat.pdf"'
