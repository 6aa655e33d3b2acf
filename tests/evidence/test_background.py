"""Work that gives way: in this process, beside it in priority."""

import os
import threading

import pytest

from evidence import background


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_it_computes_at_a_low_priority_and_the_caller_keeps_its_own() -> None:
    before = niceness()
    assert background.gives_way(niceness) == min(before + background.STEPS, 19)
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
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) > background.STEPS
