import threading
from collections.abc import Callable
from typing import Any

import pytest

from otp import draining
from otp.draining import IN_FLIGHT, drain

NONE: Callable[[], list[str]] = list


def never(row: str) -> Any:
    """What is told where all that was due has been sent."""
    pytest.fail(row)


def test_one_that_is_alone_is_sent_in_the_callers_thread() -> None:
    assert drain("a", due=NONE, send=lambda row: [(row, threading.get_ident())], again=never) == [
        ("a", threading.get_ident())
    ]


def test_what_else_is_due_is_in_flight_at_the_same_time() -> None:
    """Every send waits until sixteen are waiting: one after the other would not end."""
    together = threading.Barrier(IN_FLIGHT, timeout=10)

    def send(row: str) -> list[str]:
        together.wait()
        return [row]

    rows = [str(n) for n in range(2 * IN_FLIGHT)]
    assert sorted(drain("0", due=lambda: rows, send=send, again=never)) == sorted(rows)


def test_what_becomes_due_meanwhile_is_sent_too_and_nothing_twice() -> None:
    asked = iter([["a", "b"], ["b", "c"], ["c"], []])
    sent: list[str] = []
    drain("a", due=lambda: next(asked, []), send=lambda row: sent.append(row) or [], again=str)  # type: ignore[func-returns-value]
    assert sorted(sent) == ["a", "b", "c"]


def test_it_ends_although_there_is_always_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other work waits behind it: what is not begun in time is left to whoever is told next."""
    clock = iter(range(10**6))
    monkeypatch.setattr("otp.draining.time.monotonic", lambda: next(clock) / 10)
    names = iter(range(10**6))
    sent: list[str] = []
    again = drain("a", due=lambda: [str(next(names))], send=lambda row: sent.append(row) or [], again=str)  # type: ignore[func-returns-value]
    assert 1 <= len(sent) < 10 * draining.SECONDS
    assert len(again) == 1
    assert not set(again) & set(sent)


def test_a_send_that_fails_leaves_the_others_alone() -> None:
    sent: list[str] = []

    def send(row: str) -> list[str]:
        if row == "a":
            raise ZeroDivisionError
        sent.append(row)
        return []

    with pytest.raises(ZeroDivisionError):
        drain("a", due=lambda: ["b", "c", "d"], send=send, again=never)
    assert sorted(sent) == ["b", "c", "d"]
