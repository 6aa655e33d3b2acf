"""Reading on every core: processes forked from this one, each with database connections of its own."""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from django.db import connection, connections

T = TypeVar("T")
R = TypeVar("R")

COUNT = os.cpu_count() or 1
MAPPED = 1 << 30
"""Octets of a SQLite file that are read as memory: a call for each page costs a tenth of a scan."""


@contextmanager
def pool(more: int = 0) -> Iterator[Executor | None]:
    """As many processes as there are cores, and some more; None in a transaction, which others do not see."""
    if connection.in_atomic_block:
        yield None
        return
    with ProcessPoolExecutor(COUNT + more, mp_context=get_context("fork"), initializer=_own_connections) as made:
        yield made


def each(work: Callable[[T], R], of: Iterable[T], pool: Executor | None) -> Iterator[R]:
    """What `work` gives for each of them, in order: in the processes of a pool, a few ahead of whoever takes it."""
    if pool is None:
        yield from map(work, of)
        return
    waiting: deque[Future[R]] = deque()
    for one in of:
        waiting.append(pool.submit(work, one))
        if len(waiting) > 4 * COUNT:
            yield waiting.popleft().result()
    yield from (one.result() for one in waiting)


def _own_connections() -> None:
    """A process does not share its parent's connections: what it inherited is forgotten, not closed.

    It holds many rows and no cycles, and ends soon: nothing is looked for to be collected.
    """
    gc.disable()
    for each in connections.all(initialized_only=True):
        each.connection = None
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA mmap_size={MAPPED}")
