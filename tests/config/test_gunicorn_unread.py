"""A body that is refused unread is read off, so that whoever is writing it finds the answer."""

import socket
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from gunicorn.http.body import LengthReader
from gunicorn.http.unreader import SocketUnreader

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
    body = SimpleNamespace(reader=SimpleNamespace())
    request = SimpleNamespace(headers=list(headers), body=body, _expected_100_continue=False)
    gunicorn_unread.close_behind(None, request)
    assert (("CONNECTION", "close") in request.headers) is closes
    if not closes:
        request.body.end_connection()
        assert ("CONNECTION", "close") in request.headers
    assert len([each for each in request.headers if each[0] == "CONNECTION"]) <= 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (gunicorn_unread.close_behind, gunicorn_unread.read_off),
        (gunicorn_unread.bound, gunicorn_unread.unbound),
    ],
    ids=["service", "people"],
)
def test_a_body_is_not_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch, before: Callable[..., None], after: Callable[..., None]
) -> None:
    """However it is withheld: nothing for a while, or an octet now and then."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        monkeypatch.setattr(gunicorn_unread, "SILENT_SECONDS", 0.05)
        reader = LengthReader(SocketUnreader(ours), 100)
        request = SimpleNamespace(headers=[], body=SimpleNamespace(reader=reader), _expected_100_continue=False)
        before(None, request)
        theirs.sendall(b"[")
        with pytest.raises(TimeoutError):
            reader.read(100)
        with pytest.raises(TimeoutError, match="too long"):
            gunicorn_unread.Bounded(ours, time.monotonic() - 1).recv(1)
        after(None, request, {"gunicorn.socket": ours}, None)
        assert reader.unreader.sock is ours
        assert ours.gettimeout() is None


@pytest.mark.parametrize("expected", [True, False])
def test_who_waits_to_be_asked_is_asked_when_the_body_is_read(expected: bool) -> None:  # noqa: FBT001
    """Once, and by nobody before: gunicorn itself does it before anything is decided."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader = LengthReader(SocketUnreader(ours), 4)
        body = SimpleNamespace(reader=reader)
        request = SimpleNamespace(headers=[], body=body, _expected_100_continue=expected)
        gunicorn_unread.close_behind(None, request)
        assert not request._expected_100_continue
        theirs.sendall(b"[]")
        assert reader.read(2) == b"[]"
        theirs.sendall(b"{}")
        assert reader.read(2) == b"{}"
        theirs.setblocking(False)
        if expected:
            assert theirs.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        with pytest.raises(BlockingIOError):
            theirs.recv(100)
