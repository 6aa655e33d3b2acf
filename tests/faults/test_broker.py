"""reliability.md, Faults: a broker that is down, frozen, flushed or restarted. SIGN is taken, nothing is lost."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from tests.faults import invariants
from tests.faults.browsers import at_code_page
from tests.faults.house import House
from tests.faults.processes import until
from tests.servers import Redis
from tests.signing import walks

ACCEPTED_WITHIN = 2.0
AFTERWARDS = 20.0  # a worker that lost its broker looks for it every two seconds at least


def taken_and_done(house: House, fault: Callable[[], AbstractContextManager[None]]) -> None:
    """SIGN inside the fault is answered with the progress page in less than 2 s, and done once the broker is well."""
    signer, browser, code = at_code_page(house)
    with fault():
        started = time.monotonic()
        answer = browser.enter(code)
        took = time.monotonic() - started
    assert answer.url.endswith("/progress")
    assert took < ACCEPTED_WITHIN
    house.until_ended(signer, seconds=AFTERWARDS)
    assert walks.fresh(signer).state == "SIGNED"
    assert all(worker.alive for worker in house.workers)
    invariants.hold(house, signer)


def test_the_broker_is_gone(house: House) -> None:
    """A folder that is not there, a server that takes no connection."""

    @contextmanager
    def gone() -> Iterator[None]:
        if house.redis is not None:
            house.redis.kill()
            try:
                yield
            finally:
                house.redis.start()
        else:
            folder = house.broker_folder / "in"
            away = folder.rename(house.broker_folder / "away")
            try:
                yield
            finally:
                away.rename(folder)

    taken_and_done(house, gone)


def test_the_broker_forgets_what_it_held(house: House) -> None:
    """Flushed while no worker looks: the message of this signature is gone, and with Redis every binding."""

    @contextmanager
    def flushed() -> Iterator[None]:
        with house.asleep():
            try:
                yield
            finally:
                house.flush()

    taken_and_done(house, flushed)


def test_the_broker_is_frozen(house: House, redis: Redis) -> None:
    """Connected and silent: a ring gives up after a second, and the workers find their broker again."""

    @contextmanager
    def frozen() -> Iterator[None]:
        redis.freeze()
        try:
            yield
        finally:
            redis.thaw()

    taken_and_done(house, frozen)


def test_the_broker_is_restarted_under_load(house: House, redis: Redis) -> None:
    """Eight paths submitted while it ends and starts again, empty: all signed."""
    coded = [house.with_code() for _ in range(8)]
    for n, (signer, code) in enumerate(coded):
        if n == 4:
            redis.kill()
            redis.start()
        house.submit(signer, code)
    signers = [signer for signer, _ in coded]
    house.until_ended(*signers, seconds=2 * AFTERWARDS)
    until(lambda: all(worker.alive for worker in house.workers), seconds=AFTERWARDS, what="both workers alive")
    invariants.hold(house, *signers)
