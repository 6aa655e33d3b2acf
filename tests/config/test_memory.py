"""A worker's memory, with one-use keys in it, goes into no file."""

import ctypes
import errno
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from config import memory
from tests.stack import Stack

SCRIPT = """
from config import memory
from tests.dumps import is_private
import os
assert not is_private()
memory.keep_private()
assert is_private()
child = os.fork()
if child == 0:
    os._exit(0 if is_private() else 1)
assert os.waitpid(child, 0)[1] == 0
"""


def test_no_dump_of_a_process_nor_of_its_children() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_where_linux_does_not_let_it_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def prctl(self, *_arguments: int) -> int:
            ctypes.set_errno(errno.EPERM)
            return -1

    monkeypatch.setattr(memory, "_libc", Refusing())
    monkeypatch.setattr(resource, "setrlimit", lambda *_arguments: None)
    with pytest.raises(PermissionError):
        memory.keep_private()


def test_the_workers_of_a_running_paraphe_leave_none(stack: Stack) -> None:
    """Of `make run`: the worker and each process that it forked."""
    workers = [pid for pid in stack.processes() if b"celery" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(workers) >= 2
    limits = [Path(f"/proc/{pid}/limits").read_text() for pid in workers]
    assert all(
        next(line for line in text.splitlines() if "core file" in line).split()[4:6] == ["0", "0"] for text in limits
    )
