"""Work that gives way: in this process, beside it in priority, and gone when its caller goes."""

import os
import signal
import sys
import threading
import time
from contextlib import suppress

import pytest
from pytest_django.fixtures import Settings

from evidence import background

STEPS = 5


@pytest.fixture(autouse=True)
def _it_gives_way(settings: Settings) -> None:
    settings.DOSSIER_NICENESS = STEPS


class Limit(Exception):
    """What a task's time limit raises where the task waits."""


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_it_computes_at_a_low_priority_and_the_caller_keeps_its_own() -> None:
    before = niceness()
    assert background.gives_way(niceness) == min(before + STEPS, 19)
    assert niceness() == before


def test_what_it_is_given_and_what_it_raises_pass_through() -> None:
    assert background.gives_way(int, "ff", base=16) == 255
    with pytest.raises(ValueError, match="invalid literal"):
        background.gives_way(int, "none")


def test_a_process_that_was_forked_has_a_thread_of_its_own() -> None:
    background.gives_way(niceness)
    child = os.fork()
    if child == 0:
        os._exit(background.gives_way(niceness) + 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) > STEPS


def at_work() -> bool:
    """Whether a thread of this process is still in `for_ever`."""
    return any(frame.f_code is for_ever.__code__ for frame in sys._current_frames().values())


def for_ever() -> None:
    """Goes on whatever is raised in it, once, as a library may that takes any error for its own."""
    until = time.monotonic() + 60
    with suppress(BaseException):
        while time.monotonic() < until:
            pass
    while time.monotonic() < until:
        pass


def test_work_whose_caller_is_at_its_limit_ends_before_the_caller_goes_on() -> None:
    """One dossier at its task's limit leaves nothing at work that the next one would wait for."""

    def at_limit(*_: object) -> None:
        raise Limit

    before = signal.signal(signal.SIGALRM, at_limit)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(Limit):
            background.gives_way(for_ever)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert background.gives_way(int, "7") == 7
    assert not at_work()


def test_work_past_its_own_time_is_ended_and_told() -> None:
    with pytest.raises(background.TooLong):
        background.gives_way_within(0.05, for_ever)
    assert not at_work()
    assert background.gives_way_within(60, int, "7") == 7


def test_it_gives_way_by_as_much_as_the_operator_says(settings: Settings) -> None:
    before = niceness()
    settings.DOSSIER_NICENESS = 0
    assert background.gives_way(niceness) == before
