import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from otp import draining, seats
from otp.draining import IN_FLIGHT
from otp.seats import FOR_CODES, FOR_LETTERS, Seat

pytestmark = pytest.mark.django_db
NONE: Callable[[], list[str]] = list


def never(row: str) -> Any:
    """What is told where all that was due has been sent."""
    pytest.fail(row)


def drain(first: str, *, due: Callable[[], list[str]], send: Callable[[str], list[Any]], again: Any = never) -> Any:
    return draining.drain(first, seats=FOR_LETTERS, due=due, send=send, again=again)


def asking(*answers: list[str]) -> Callable[[], list[str]]:
    """What is due at one look after the other, at last nothing."""
    left = iter(answers)
    return lambda: next(left, [])


def test_what_else_is_due_is_in_flight_at_the_same_time() -> None:
    """Every send waits until sixteen are waiting: one after the other would not end."""
    together = threading.Barrier(IN_FLIGHT, timeout=10)

    def send(row: str) -> list[str]:
        together.wait()
        return [row]

    rows = [str(n) for n in range(2 * IN_FLIGHT)]
    assert sorted(drain("0", due=asking(rows), send=send)) == sorted(rows)


def test_what_becomes_due_while_a_send_hangs_is_sent_beside_it() -> None:
    """One telephone's gateway is quick, another's mail server hangs: nobody waits for somebody else's."""
    other = threading.Event()

    def send(row: str) -> list[str]:
        if row == "hangs":
            assert other.wait(10)
        else:
            other.set()
        return [row]

    assert sorted(drain("hangs", due=asking([], [], ["other"]), send=send)) == ["hangs", "other"]


def test_what_becomes_due_meanwhile_is_sent_too_and_nothing_twice() -> None:
    sent: list[str] = []
    drain("a", due=asking(["a", "b"], ["b", "c"], ["c"]), send=lambda row: sent.append(row) or [])  # type: ignore[func-returns-value]
    assert sorted(sent) == ["a", "b", "c"]


@pytest.mark.parametrize("hangs", [False, True])
def test_it_ends_although_there_is_always_more(monkeypatch: pytest.MonkeyPatch, *, hangs: bool) -> None:
    """Other work waits behind it: what is not begun in time is left to whoever is told next. A send that hangs keeps
    this process anyway: as long as it does, others are begun."""
    clock = iter(range(10**6))
    monkeypatch.setattr("otp.draining.time.monotonic", lambda: next(clock) / 10)
    names = iter(range(10**6))
    sent: list[str] = []
    over = threading.Event()

    def send(row: str) -> list[str]:
        if row == "a" and hangs:
            assert over.wait(10)
        sent.append(row)
        if len(sent) > 10 * draining.SECONDS:
            over.set()
        return []

    again = drain("a", due=lambda: [str(next(names))], send=send, again=str)
    assert "a" in sent
    assert (len(sent) > 10 * draining.SECONDS) is hangs
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
        drain("a", due=asking(["b", "c", "d"]), send=send)
    assert sorted(sent) == ["b", "c", "d"]
    assert Seat.take(FOR_LETTERS, at=now())


def test_who_finds_no_seat_sends_nothing_and_who_leaves_it_tells() -> None:
    """A letter that is queued while another is being sent goes out right after it, and waits for no sweep."""
    held = Seat.take(FOR_LETTERS, at=now())
    assert held
    assert drain("b", due=NONE, send=never) == []
    held.leave()
    assert drain("a", due=asking([], [], [], ["b"]), send=lambda _row: [], again=str) == ["b"]


def test_letters_have_one_seat_and_codes_another_one_too() -> None:
    """A mail server that hangs holds two processes at most, of which codes have one at least."""
    at = now()
    assert Seat.take(FOR_LETTERS, at=at)
    assert Seat.take(FOR_LETTERS, at=at) is None
    assert Seat.take(FOR_CODES, at=at)
    assert Seat.take(FOR_CODES, at=at) is None


def test_a_free_seat_of_letters_is_for_codes_too() -> None:
    at = now()
    taken = [Seat.take(names, at=at) for names in (FOR_CODES, FOR_CODES, FOR_LETTERS, FOR_CODES)]
    assert [each is not None for each in taken] == [True, True, False, False]


def test_a_seat_is_kept_while_its_holder_lives_and_no_longer() -> None:
    at = now()
    first = Seat.take(FOR_LETTERS, at=at)
    assert first
    first.keep(at=at + seats.lasts() / 2)
    assert Seat.take(FOR_LETTERS, at=at + seats.lasts()) is None
    second = Seat.take(FOR_LETTERS, at=at + 2 * seats.lasts())
    assert second
    first.leave()  # it was too slow: what is another's by now stays there
    assert Seat.take(FOR_LETTERS, at=at + 2 * seats.lasts()) is None


def test_a_clock_that_was_put_back_keeps_no_seat_taken() -> None:
    at = now()
    assert Seat.take(FOR_LETTERS, at=at)
    assert Seat.take(FOR_LETTERS, at=at - timedelta(hours=1))


def test_who_sends_keeps_the_seat(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease is short, for those who die; a server may be slow for longer."""
    settings.LEASE_SECONDS = 0.03
    monkeypatch.setattr(draining, "LOOK_SECONDS", 0.01)
    kept = threading.Event()
    monkeypatch.setattr(Seat, "keep", lambda _seat, *, at: kept.set() if at else None)
    assert drain("a", due=NONE, send=lambda _row: [kept.wait(10)]) == [True]
