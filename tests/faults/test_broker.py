"""reliability.md, Faults: a broker that is down, frozen, flushed or restarted. SIGN is taken, nothing is lost."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults import invariants
from tests.faults.browsers import at_code_page
from tests.faults.house import House, asleep
from tests.signing import walks

ACCEPTED_WITHIN = 2.0
AFTERWARDS = 20.0  # a worker that lost its broker looks for it after 2, 6 and 12 seconds
FAULTS = ("gone", "frozen", "flushed", "restarted")


@contextmanager
def fault(house: House, kind: str) -> Iterator[None]:
    """The broker has this inside the block, and is well afterwards."""
    if kind == "flushed":
        with asleep(*house.workers):
            yield
            house.flush()
    elif house.redis is None:
        yield from _folder(house)
    elif kind == "frozen":
        house.redis.freeze()
        yield
        house.redis.thaw()
    elif kind == "restarted":
        house.redis.kill()
        house.redis.start()
        yield
    else:
        house.redis.kill()
        yield
        house.redis.start()


def _folder(house: House) -> Iterator[None]:
    """A folder that cannot be written: it is not there."""
    folder = house.broker_folder / "in"
    away = folder.rename(house.broker_folder / "away")
    yield
    away.rename(folder)


@pytest.mark.parametrize("kind", FAULTS)
def test_sign_is_taken_and_done(house: House, kind: str) -> None:
    """The page answers in less than 2 s and says that it is in progress; the sweeper rings once the broker is back."""
    if house.redis is None and kind in {"frozen", "restarted"}:
        assert kind in FAULTS  # a folder is there or not: `gone` says it
        return
    signer, browser, code = at_code_page(house)
    with fault(house, kind):
        started = time.monotonic()
        answer = browser.enter(code)
        took = time.monotonic() - started
    assert answer.url.endswith("/progress")
    assert took < ACCEPTED_WITHIN
    house.until_ended(signer, seconds=AFTERWARDS)
    assert walks.fresh(signer).state == "SIGNED"
    invariants.hold(house, signer)
