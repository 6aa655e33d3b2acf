"""Many sends at once: nearly all of a send is waiting for somebody else's server.

A worker that is told of one message takes a seat (`otp.seats`), and what else is due, IN_FLIGHT at a time, each in a
thread of its own with a database connection of its own. The row stays the queue: who loses a claim does nothing.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from random import sample
from threading import Lock
from typing import TypeVar

from django.db import connection
from django.utils.timezone import now

from otp.seats import Seat, lasts

IN_FLIGHT = 16
TAKEN_AT_ONCE = 2 * IN_FLIGHT
SECONDS = 5.0  # then none is begun any more, unless a server keeps this process waiting anyway
LOOK_SECONDS = 0.25  # how long what becomes due beside a send that hangs waits at most
R = TypeVar("R")


def drain(
    first: str,
    *,
    seats: Sequence[str],
    due: Callable[[], list[str]],
    send: Callable[[str], list[R]],
    again: Callable[[str], R],
) -> list[R]:
    """Send `first`, and beside it every row that `due` names; gives what all of them gave.

    Nothing where others have all of the `seats`: it is left to these. Whoever leaves one looks once more, and gives
    `again` of one that is due: those that were told of it meanwhile found no seat, and the next sweep is seconds away.

    `due` is asked again while a send is under way. An exception of a send is raised once the others have ended.
    """
    seat = Seat.take(seats, at=now())
    if seat is None:
        return []
    try:
        done = _sent(_Feed(first, due), seat, send)
    finally:
        seat.leave()
    return [*done, *(again(row) for row in due()[:1])]


def _sent(feed: "_Feed", seat: Seat, send: Callable[[str], list[R]]) -> list[R]:
    """As many lanes as there are rows for, opened as more become due, until all have ended."""
    lanes: list[Future[list[R]]] = []
    kept = time.monotonic()
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        going: set[Future[list[R]]] = set()
        while True:
            opened = [pool.submit(_lane, feed, send) for _ in range(min(feed.look(), IN_FLIGHT - len(going)))]
            lanes += opened
            going |= set(opened)
            if not going:
                break
            going = wait(going, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED).not_done
            if time.monotonic() - kept > lasts().total_seconds() / 3:
                kept = time.monotonic()
                seat.keep(at=now())
    return [each for lane in lanes for each in lane.result()]


class _Feed:
    """The rows still to be sent, each given to one thread; asks for more when it has run out."""

    def __init__(self, first: str, due: Callable[[], list[str]]) -> None:
        self._due, self._lock = due, Lock()
        self._seen, self._waiting = {first}, [first]
        self._begun: dict[str, float] = {}
        self._until = time.monotonic() + SECONDS
        self._take_in()

    def look(self) -> int:
        """How many wait to be begun; none once time is over."""
        with self._lock:
            if not self._waiting and self._may_begin():
                self._take_in()
            return len(self._waiting) if self._may_begin() else 0

    def give(self) -> str | None:
        """The next one; None where there is none."""
        if not self.look():
            return None
        with self._lock:
            if not self._waiting:  # another thread was quicker
                return None
            row = self._waiting.pop(0)
            self._begun[row] = time.monotonic()
            return row

    def ended(self, row: str) -> None:
        with self._lock:
            del self._begun[row]

    def _may_begin(self) -> bool:
        """Within SECONDS, and as long as one that was begun then is under way: this process waits for that anyway."""
        in_time = time.monotonic() < self._until or len(self._seen) == len(self._waiting)
        return in_time or any(begun < self._until for begun in self._begun.values())

    def _take_in(self) -> None:
        """A few of those that are due, at random: other workers look at the same rows."""
        new = [row for row in self._due() if row not in self._seen]
        taken = sample(new, min(len(new), TAKEN_AT_ONCE))
        self._seen.update(taken)
        self._waiting += taken


def _lane(feed: _Feed, send: Callable[[str], list[R]]) -> list[R]:
    """Send one after the other; the thread's own connection ends with it."""
    given: list[R] = []
    try:
        while (row := feed.give()) is not None:
            try:
                given += send(row)
            finally:
                feed.ended(row)
    finally:
        connection.close()
    return given
