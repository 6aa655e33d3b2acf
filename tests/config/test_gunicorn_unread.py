"""A body that is refused unread is read off, so that whoever is writing it finds the answer."""

import socket
import threading
from types import SimpleNamespace

import pytest

from config import gunicorn_unread


def handed_over(ours: socket.socket, status: int) -> None:
    gunicorn_unread.read_off(None, None, {"gunicorn.socket": ours}, SimpleNamespace(status_code=status))


@pytest.mark.parametrize("status", [411, 413, 415])
def test_what_is_on_its_way_is_read_until_the_other_side_closes(status: int) -> None:
    """A megabyte: more than a socket holds, and than gunicorn reads off by itself."""
    ours, theirs = socket.socketpair()
    reading = threading.Thread(target=handed_over, args=(ours, status))
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


@pytest.mark.parametrize("status", [200, 404])
def test_other_answers_leave_the_connection_alone(status: int) -> None:
    """What follows there is the next call."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"GET /")
        handed_over(ours, status)
        assert ours.recv(5) == b"GET /"
