"""A body that is refused unread is read off, so that whoever is writing it finds the answer."""

import socket
import threading
from types import SimpleNamespace

import pytest

from config import gunicorn_unread


def handed_over(ours: socket.socket, status: int, *, closing: bool = True, left: int | None = 1) -> None:
    answered = SimpleNamespace(status_code=status, should_close=lambda: closing)
    request = SimpleNamespace(body=SimpleNamespace(reader=SimpleNamespace(length=left)))
    gunicorn_unread.read_off(None, request, {"gunicorn.socket": ours}, answered)


@pytest.mark.parametrize(("status", "left"), [(411, None), (413, 900_000_000), (401, 1_000_000)])
def test_what_is_on_its_way_is_read_until_the_other_side_closes(status: int, left: int | None) -> None:
    """A megabyte: more than a socket holds, and than gunicorn reads off by itself."""
    ours, theirs = socket.socketpair()
    reading = threading.Thread(target=handed_over, args=(ours, status), kwargs={"left": left})
    with ours, theirs:
        reading.start()
        theirs.settimeout(5)
        theirs.sendall(bytes(1_000_000))
        theirs.shutdown(socket.SHUT_WR)
        reading.join(5)
        assert not reading.is_alive()
        ours.settimeout(5)
        assert ours.recv(1) == b""


def test_nobody_is_waited_for_longer_than_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gunicorn_unread, "SECONDS", 0.05)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"[")
        handed_over(ours, 413)


@pytest.mark.parametrize(("status", "closing", "left"), [(200, True, 0), (404, True, None), (415, False, 5)])
def test_other_answers_leave_the_connection_alone(status: int, closing: bool, left: int | None) -> None:  # noqa: FBT001
    """What follows there is the next call."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"GET /")
        handed_over(ours, status, closing=closing, left=left)
        assert ours.recv(5) == b"GET /"


@pytest.mark.parametrize(
    ("headers", "closes"),
    [
        ([("CONTENT-LENGTH", "16000000")], False),
        ([("CONTENT-LENGTH", "16000001"), ("CONNECTION", "keep-alive")], True),
        ([("TRANSFER-ENCODING", "chunked")], True),
        ([("CONTENT-LENGTH", "x"), ("CONNECTION", "keep-alive")], False),
        ([], False),
    ],
)
def test_behind_a_body_that_may_stay_unread_the_connection_ends(headers: list[tuple[str, str]], closes: bool) -> None:  # noqa: FBT001
    request = SimpleNamespace(headers=list(headers), body=SimpleNamespace())
    gunicorn_unread.close_behind(None, request)
    assert (("CONNECTION", "close") in request.headers) is closes
    if not closes:
        request.body.end_connection()
        assert ("CONNECTION", "close") in request.headers
    assert len([each for each in request.headers if each[0] == "CONNECTION"]) <= 1
