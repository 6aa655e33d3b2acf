"""The two houses that fault tests try, each shared by the tests of this folder in one process and ended with them.

SQLite + folder, PostgreSQL + Redis. Their workers sweep five times a second, which other tests need not wait for.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.faults.house import House
from tests.servers import PostgreSQL, Redis, running

KINDS = ("embedded", "stack")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try every fault on both pairs of stores; the tests of one pair run in one process, which has its house."""
    if "house" in metafunc.fixturenames:
        kinds = ("stack",) if "redis" in metafunc.fixturenames else KINDS
        marked = [pytest.param(kind, marks=pytest.mark.xdist_group(f"faults-{kind}")) for kind in kinds]
        metafunc.parametrize("shared_house", marked, indirect=True, scope="package", ids=kinds)


@pytest.fixture(scope="package")
def shared_house(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """A house, its database prepared; nothing is started in it yet."""
    with ExitStack() as stack:
        state = Path(tempfile.mkdtemp(prefix="faults-"))
        stack.callback(shutil.rmtree, state, ignore_errors=True)
        stores, redis = {}, None
        if request.param == "stack":
            redis = stack.enter_context(running(Redis))
            stores = {
                "DATABASE_URL": stack.enter_context(running(PostgreSQL)).url(),
                "CELERY_BROKER_URL": redis.url(),
            }
        house = House(request.param, state, stores, redis)
        stack.callback(house.close)
        with django_db_blocker.unblock(), house.inside():
            house.prepare()
        yield house


@pytest.fixture
def house(shared_house: House, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """A house with both workers running; this process is inside it."""
    with django_db_blocker.unblock(), shared_house.inside():
        shared_house.start()
        yield shared_house


@pytest.fixture
def redis(house: House) -> Redis:
    """The broker of a house that has a server for it; the test is tried on that one only."""
    assert house.redis is not None
    return house.redis
