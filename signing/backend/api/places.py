"""Places of a process of the service: so many calls are worked at, the others wait for one. Who waits for a worker has
stood up meanwhile.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

_working = threading.BoundedSemaphore(settings.CALLS_AT_WORK)
_mine = threading.local()


@contextmanager
def at_work() -> Iterator[None]:
    """Hold a place, once there is one."""
    with _working:
        _mine.held = True
        try:
            yield
        finally:
            _mine.held = False


@contextmanager
def aside() -> Iterator[None]:
    """Leave the place of this call to another, and wait for one before it goes on. Nothing without `at_work`."""
    if not getattr(_mine, "held", False):
        yield
        return
    _working.release()
    try:
        yield
    finally:
        _working.acquire()
