"""Call-backs are posted beside the work of a process: no receiver holds up a signature, nor another's call-back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils.timezone import now

from signing.backend import jobs
from signing.backend.api import tasks
from signing.backend.api.rounds import Rounds
from signing.backend.models import Callback, Order

SECONDS = 10.0


class Receivers:
    """Hosts of which those in `hanging` answer when `released`; `got`: the numbers that were posted, in order."""

    def __init__(self, *hanging: str) -> None:
        self.hanging, self.released = hanging, threading.Event()
        self.begun: list[str] = []
        self.got: list[str] = []
        self.came = threading.Condition()

    def post(self, number: str) -> None:
        with self.came:
            self.begun.append(number)
            self.came.notify_all()
        if number[0] in self.hanging:
            assert self.released.wait(SECONDS)
        with self.came:
            self.got.append(number)
            self.came.notify_all()
        if number.endswith("!"):
            raise LookupError(number)

    def wait(self, seen: Callable[[], bool]) -> None:
        with self.came:
            assert self.came.wait_for(seen, SECONDS), (self.begun, self.got)


@contextmanager
def going(receivers: Receivers, *, at_once: int = 4, of_a_host: int = 2) -> Iterator[Callable[..., None]]:
    rounds = Rounds(receivers.post, at_once=at_once, of_a_host=of_a_host)

    def add(*numbers: str) -> None:
        for each in numbers:
            rounds.add(each[0], each)

    yield add
    receivers.released.set()
    assert rounds.finish(SECONDS)


def test_a_host_that_hangs_holds_neither_the_caller_nor_another_host() -> None:
    receivers = Receivers("a")
    with going(receivers) as add:
        add("a1", "a2", "a3", "a4", "b1", "b2", "b3")
        receivers.wait(lambda: len(receivers.got) == 3)
        assert sorted(receivers.got) == ["b1", "b2", "b3"]
        assert sorted(each for each in receivers.begun if each[0] == "a") == ["a1", "a2"]
        receivers.released.set()
        receivers.wait(lambda: len(receivers.got) == 7)


def test_hosts_have_their_turn() -> None:
    """One thread, many call-backs of one host: another host's comes after the next of these, not after all."""
    receivers = Receivers("a")
    with going(receivers, at_once=1) as add:
        add("a1", "a2", "a3", "b1")
        receivers.released.set()
        receivers.wait(lambda: len(receivers.got) == 4)
        assert receivers.got == ["a1", "a2", "b1", "a3"]


def test_what_is_rung_again_stands_in_line_once() -> None:
    receivers = Receivers("a")
    with going(receivers, at_once=1) as add:
        add("a1", "a2", "a2", "a2")
        receivers.released.set()
        receivers.wait(lambda: len(receivers.got) == 2)
    assert receivers.got == ["a1", "a2"]


def test_one_that_fails_leaves_its_place_to_the_next(caplog: pytest.LogCaptureFixture) -> None:
    receivers = Receivers("a")
    with going(receivers, at_once=1) as add:
        add("a1!", "a2")
        receivers.released.set()
        receivers.wait(lambda: receivers.got == ["a1!", "a2"])
    assert "call-back not posted" in caplog.text


def test_a_process_that_ends_begins_no_more() -> None:
    """What stood in line is a row that is due; what is under way has a moment."""
    receivers = Receivers("a")
    rounds = Rounds(receivers.post, at_once=1)
    rounds.add("a", "a1")
    rounds.add("a", "a2")
    receivers.wait(lambda: receivers.begun == ["a1"])
    assert not rounds.finish(0.0)
    receivers.released.set()
    assert rounds.finish(SECONDS)
    assert receivers.got == ["a1"]


def test_the_task_does_not_wait_for_the_receiver(asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    order = asked()
    url = "https://Rappels.exemple.fr:8443/fini"
    row = Callback.objects.create(order=order, n=2, url=url, due_at=now(), created_at=now())
    handed: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks.rounds, "add", lambda *given: handed.append(given))
    tasks.call_back(callback_id=str(row.pk))
    assert handed == [("rappels.exemple.fr:8443", str(row.pk))]
    Callback.objects.update(outcome=Callback.Outcome.DELIVERED)
    tasks.call_back(callback_id=str(row.pk))
    assert len(handed) == 1


def test_a_host_with_many_that_are_due_keeps_no_other_from_being_rung(asked: Callable[..., Order]) -> None:
    """A sweep rings so many: where those of one host that hangs were all of them, nobody else was asked again."""
    order, at = asked(), now()
    hosts = ["a.exemple.fr"] * 5 + ["b.exemple.fr", "A.exemple.fr", "b.exemple.fr"]
    rows = [
        Callback.objects.create(
            order=order, n=n, url=f"https://{host}/", due_at=at - timedelta(seconds=60 - n), created_at=at
        )
        for n, host in enumerate(hosts, start=2)
    ]
    numbers = [str(each.pk) for each in rows]
    assert Callback.due(at, most=3) == [numbers[0], numbers[5], numbers[1]]
    assert sorted(Callback.due(at, most=99)) == sorted(numbers)
    assert Callback.due(at - timedelta(hours=1), most=99) == []
    assert [each.ids["callback_id"] for each in jobs.sweep(at) if "call_back" in each.task][:2] == [
        numbers[0],
        numbers[5],
    ]
