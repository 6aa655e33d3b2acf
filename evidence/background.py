"""Work that gives way: done in this process by one thread of low priority, while the caller waits for it.

On Linux a niceness is a thread's own (`setpriority(2)`, NOTES). A process that lowered its own could not raise it again
without a privilege; the thread is never asked to.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import ParamSpec, TypeVar

STEPS = 5  # each takes a fifth off: a third of what its caller gets where both want a processor; all of an idle one

P = ParamSpec("P")
T = TypeVar("T")


def gives_way(work: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
    """What `work` gives or raises. It computes: no database connection, active language or time zone is shared."""
    return _thread(os.getpid()).submit(work, *arguments, **keywords).result()


@lru_cache(maxsize=1)
def _thread(_process: int) -> ThreadPoolExecutor:
    """The one of a process, made when first needed; a fork has none of the threads that it was forked from."""
    return ThreadPoolExecutor(1, thread_name_prefix="gives-way", initializer=_lower)


def _lower() -> None:
    thread = threading.get_native_id()
    os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + STEPS)
