"""A slow header, or a slow handshake, holds no thread of a listener: over real sockets, with one thread."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.config.test_gunicorn_tls import replace_certificate
from tests.conftest import ROOT

APPLICATION = """
def application(environ, start_response):
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""
SETTINGS = """
from config import gunicorn_heads, gunicorn_service
gunicorn_heads.SECONDS = 0.3
worker_class = gunicorn_service.worker_class
workers, threads, keepalive = 1, 1, 15
control_socket_disable = True
"""
CALL = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def started(folder: Path, *options: str) -> Iterator[int]:
    """A gunicorn with the service's worker class and one thread; its port."""
    (folder / "slow_application.py").write_text(APPLICATION)
    (folder / "settings_of_gunicorn.py").write_text(SETTINGS)
    listening = socket.create_server(("127.0.0.1", 0))
    listening.set_inheritable(True)
    words = ["-c", str(folder / "settings_of_gunicorn.py"), "-b", f"fd://{listening.fileno()}", *options]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *words, "--chdir", str(folder), "slow_application:application"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        pass_fds=[listening.fileno()],
    )
    try:
        yield listening.getsockname()[1]
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(10)
        listening.close()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    yield from started(tmp_path_factory.mktemp("plain"))


def calling(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


@pytest.mark.parametrize("begun", [b"G", CALL[:-2], CALL[:-4] + b"\r\nX-Slow: "])
def test_a_header_that_does_not_end_frees_its_thread(port: int, begun: bytes) -> None:
    """The next caller is answered, who would wait for ever; the slow one finds its connection closed."""
    with calling(port) as slow, calling(port) as other:
        slow.sendall(begun)
        other.sendall(CALL)
        assert other.recv(12) == b"HTTP/1.1 200"
        assert slow.recv(1) == b""


def test_a_connection_goes_on_from_call_to_call(port: int) -> None:
    """Each header has its own time, and a body, which has another bound, none of it."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as one:
        one.connect()
        opened = one.sock
        for _ in range(3):
            one.request("GET", "/")
            assert one.getresponse().read() == b"ok"
        assert one.sock is opened


def test_a_handshake_that_does_not_end_frees_its_thread(tmp_path: Path) -> None:
    files = SimpleNamespace(certfile=str(tmp_path / "tls.crt"), keyfile=str(tmp_path / "tls.key"))
    replace_certificate(files, name="localhost")
    for port in started(tmp_path, "--certfile", files.certfile, "--keyfile", files.keyfile):
        with calling(port) as slow:
            slow.sendall(bytes.fromhex("16030100f0"))
            assert slow.recv(1) == b""
