"""The side of the inspection that asks: one server for each process of ours, started when it is first needed."""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

_HOME = Path(__file__).resolve().parents[2]
_CHUNK = 65_536
_GRACE_SECONDS = 30.0  # a server that must be started first loads its parsers


class Server:
    """A process that forks an inspector for every file. It ends with the process that started it.

    It has neither the environment of that process nor its files, and its children end at their limits by themselves.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, *, wall_seconds: float, most: int, **asked: object) -> dict[str, Any] | None:
        """Have one file inspected; None where the child was ended, crashed, or said more than `most` bytes."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._send(json.dumps({"wall_seconds": wall_seconds, **asked}).encode(), theirs.fileno())
            answer = _answer(ours, most, deadline=time.monotonic() + wall_seconds + _GRACE_SECONDS)
        try:
            return dict(json.loads(answer))
        except ValueError:
            return None

    def close(self) -> None:
        """End the server and wait for it; the next question starts another."""
        with self._lock:
            self._end()

    def _send(self, message: bytes, descriptor: int) -> None:
        """Hand the request over, to a new server where there is none, or where it has gone."""
        with self._lock:
            try:
                socket.send_fds(self._connected(), [message], [descriptor])
            except (BrokenPipeError, ConnectionResetError):
                self._end()
                socket.send_fds(self._connected(), [message], [descriptor])

    def _connected(self) -> socket.socket:
        if self._owner != os.getpid():  # forked meanwhile: that server is the other process's
            if self._control is not None:
                self._control.close()
            self._control, self._process, self._owner = None, None, os.getpid()
        if self._control is None:
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = _started(theirs.fileno())
        return self._control

    def _end(self) -> None:
        if self._control is None or self._owner != os.getpid():
            return
        self._control.close()
        self._control = None
        if self._process is not None:
            self._process.wait()
            self._process = None


def _started(descriptor: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "signing.engine.inspection", str(descriptor)],
        cwd=_HOME,
        env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[descriptor],
        start_new_session=True,
    )


def _answer(connection: socket.socket, most: int, *, deadline: float) -> bytes:
    """All that the child says before it ends; nothing where that is more than `most`, or too late."""
    said = bytearray()
    try:
        while len(said) <= most:
            connection.settimeout(max(deadline - time.monotonic(), 0.001))
            chunk = connection.recv(_CHUNK)
            if not chunk:
                return bytes(said)
            said += chunk
    except OSError:
        return b""
    return b""


server = Server()
atexit.register(server.close)
