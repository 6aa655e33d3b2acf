"""Call-backs are posted beside the work of a worker's process, by threads that wait for the receivers in its place.

A receiver that takes a connection and says nothing holds whoever posts for ten seconds: a few of them would hold all
processes of all workers, and with them every signature. A thread that dies with its process leaves its row to the next
one, after its lease; what stood in line here is a row that is due, and is rung again by the sweep.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from time import monotonic

AT_ONCE, OF_A_HOST = 6, 2  # of a process; hosts that hang leave room for the others
logger = logging.getLogger("paraphe.callbacks")


class Rounds:
    """What stands in line, by host and number, and the threads that `post` it; no number stands there twice."""

    def __init__(self, post: Callable[[str], None], *, at_once: int = AT_ONCE, of_a_host: int = OF_A_HOST) -> None:
        self._post, self._at_once, self._of_a_host = post, at_once, of_a_host
        self._waiting: dict[str, dict[str, None]] = {}
        self._busy: Counter[str] = Counter()
        self._changed = threading.Condition()

    def add(self, host: str, number: str) -> None:
        """Have it posted as soon as there is a thread for its host. Comes back at once."""
        with self._changed:
            self._waiting.setdefault(host, {})[number] = None
            taken = self._next()
        if taken is not None:
            threading.Thread(target=self._go, args=taken, name="call-back", daemon=True).start()

    def finish(self, seconds: float) -> bool:
        """Begin no more, and give those that are under way so many seconds; tells whether all came to their end."""
        ends = monotonic() + seconds
        with self._changed:
            self._waiting.clear()
            return self._changed.wait_for(lambda: not self._busy.total(), max(0.0, ends - monotonic()))

    def _next(self) -> tuple[str, str] | None:
        """Take one whose host has a thread left, of the hosts in turn; None where there is no such, or no thread."""
        if self._busy.total() >= self._at_once:
            return None
        host = next((each for each in self._waiting if self._busy[each] < self._of_a_host), None)
        if host is None:
            return None
        line = self._waiting.pop(host)
        number = next(iter(line))
        del line[number]
        if line:
            self._waiting[host] = line  # behind the others
        self._busy[host] += 1
        return host, number

    def _go(self, host: str, number: str) -> None:
        taken: tuple[str, str] | None = (host, number)
        while taken is not None:
            try:
                self._post(taken[1])
            except Exception:  # the database: the row is due again after its lease
                logger.exception("call-back not posted", extra={"row": taken[1]})
            with self._changed:
                self._busy[taken[0]] -= 1
                taken = self._next()
                self._changed.notify_all()
