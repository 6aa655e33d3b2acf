"""Work that gives way: done in this process by a thread of low priority, while the caller waits for it.

On Linux a niceness is a thread's own (`setpriority(2)`, NOTES). A process that lowered its own could not raise it again
without a privilege; the thread is never asked to. It is no child process: a key that stays in a token is no longer
there after a fork.
"""

import ctypes
import os
import sys
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.conf import settings

AGAIN_SECONDS = 0.5

P = ParamSpec("P")
T = TypeVar("T")

_one = threading.Lock()  # fonts and drawings are not made for two threads


class Abandoned(BaseException):
    """Raised inside work that nobody waits for any more; no `except Exception` on its way takes it for its own."""


class TooLong(Exception):
    """The work was not done in its time, and has been ended."""


def gives_way(work: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
    """What `work` gives or raises. It computes: no database connection, active language or time zone is shared.

    Where the caller is interrupted (the time limit of its task), the work is ended before the caller goes on, and the
    next has the process to itself. What does not come back from a library is left to the hard limit, which ends the
    process.
    """
    return _done(None, lambda: work(*arguments, **keywords))


def gives_way_within(seconds: float, work: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
    """The same; raises `TooLong` where it took more than so many seconds, once it has ended."""
    return _done(seconds, lambda: work(*arguments, **keywords))


def _done(seconds: float | None, work: Callable[[], T]) -> T:
    given: list[T] = []
    raised: list[BaseException] = []
    ended = threading.Event()  # a `Thread.join` that is interrupted takes the thread for one that has ended

    def run() -> None:
        try:
            _lower()
            given.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where the work was asked for
            raised.append(error)
        finally:
            ended.set()

    with _one:
        thread = threading.Thread(target=run, name="gives-way", daemon=True)
        thread.start()
        try:
            in_time = ended.wait(seconds)
        finally:
            _end(thread, ended)
    if given:
        return given[0]
    if not in_time:
        raise TooLong
    raise raised[0]


def _end(thread: threading.Thread, ended: threading.Event) -> None:
    """Raise `Abandoned` in the thread until it has ended: a handler of a library may swallow it once."""
    at_work = thread.ident or 0
    while not ended.is_set() and at_work in sys._current_frames():  # noqa: SLF001 - the interpreter's own word
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(at_work), ctypes.py_object(Abandoned))
        ended.wait(AGAIN_SECONDS)


def _lower() -> None:
    thread = threading.get_native_id()
    os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + settings.DOSSIER_NICENESS)
