"""Many sends at once: nearly all of a send is waiting for somebody else's server.

A worker that is told of one message also takes what else is due, IN_FLIGHT at a time, each in a thread of its own with
a database connection of its own. The row stays the queue: who loses a claim does nothing.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from random import sample
from threading import Lock
from typing import TypeVar

from django.db import connection

IN_FLIGHT = 16
TAKEN_AT_ONCE = 2 * IN_FLIGHT
# A server that hangs holds whoever sends: letters keep to one process of all workers, codes go on in a second one, and
# a signature finds the others. What finds no room is left to those who send already, and to the sweep.
MOST_WITH_LETTERS, MOST_WITH_CODES = IN_FLIGHT, 2 * IN_FLIGHT
SECONDS = 5.0  # then none is begun any more: other work waits behind this task
R = TypeVar("R")


def drain(
    first: str, *, due: Callable[[], list[str]], send: Callable[[str], list[R]], again: Callable[[str], R]
) -> list[R]:
    """Send `first`, and beside it every row that `due` names; gives what all of them gave.

    Where time was over before they were, it gives `again` of one that is left, too: those that were told of the others
    found no room, and the next sweep is seconds away.

    `due` is asked again until it names none that was not tried here, or SECONDS have passed. An exception of a send is
    raised once the others have ended.
    """
    feed = _Feed(first, due)
    if not feed.has_others():
        return send(first)
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        lanes = [pool.submit(_lane, feed, send) for _ in range(min(IN_FLIGHT, len(feed)))]
    done = [each for lane in lanes for each in lane.result()]
    return [*done, *(again(row) for row in feed.left()[:1])]


class _Feed:
    """The rows still to be sent, each given to one thread; asks for more when it has run out."""

    def __init__(self, first: str, due: Callable[[], list[str]]) -> None:
        self._due, self._lock = due, Lock()
        self._seen, self._waiting = {first}, [first]
        self._until = time.monotonic() + SECONDS
        self._take_in()

    def __len__(self) -> int:
        return len(self._waiting)

    def has_others(self) -> bool:
        return len(self._waiting) > 1

    def left(self) -> list[str]:
        """Some that nobody has begun for want of time."""
        if time.monotonic() >= self._until and not self._waiting:
            self._take_in()
        return self._waiting

    def __iter__(self) -> Iterator[str]:
        while True:
            with self._lock:
                if not self._waiting and time.monotonic() < self._until:
                    self._take_in()
                if not self._waiting or time.monotonic() >= self._until:
                    return
                row = self._waiting.pop(0)
            yield row

    def _take_in(self) -> None:
        """A few of those that are due, at random: other workers look at the same rows."""
        new = [row for row in self._due() if row not in self._seen]
        taken = sample(new, min(len(new), TAKEN_AT_ONCE))
        self._seen.update(taken)
        self._waiting += taken


def _lane(feed: _Feed, send: Callable[[str], list[R]]) -> list[R]:
    """Send one after the other; the thread's own connection ends with it."""
    try:
        return [each for row in feed for each in send(row)]
    finally:
        connection.close()
