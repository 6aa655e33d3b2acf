"""Who goes first where there are fewer processors than work."""

import os
from pathlib import Path

from tests.stack import Stack


def test_the_workers_of_a_running_paraphe_let_the_listeners_go_first(stack: Stack) -> None:
    """By priority: a request waits for no signature that somebody else asked for."""
    niceness = {
        pid: (os.getpriority(os.PRIO_PROCESS, pid), Path(f"/proc/{pid}/cmdline").read_bytes())
        for pid in stack.processes()
    }
    workers = [nice for nice, line in niceness.values() if b"celery" in line]
    listeners = [nice for nice, line in niceness.values() if b"gunicorn" in line]
    assert min(workers) >= max(listeners) + 5
