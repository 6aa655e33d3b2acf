"""reliability.md, Faults: kill -9 of the worker at every point of a signature."""

import time

import pytest

from signing.backend.models import Certificate
from signing.backend.states import CertificateState
from tests.faults import invariants
from tests.faults.house import RECOVERY_SECONDS, House
from tests.faults.traps import POINTS
from tests.signing import walks

COSTS_A_CERTIFICATE = POINTS[POINTS.index("serial") : POINTS.index("after-commit")]


@pytest.mark.parametrize("point", POINTS)
def test_another_worker_finishes(house: House, point: str) -> None:
    """The whole worker dies, parent and child; within lease + 10 s the path is signed once, and no serial in doubt."""
    signer, code = house.with_code()
    house.trap(point)
    house.submit(signer, code)
    house.until_sprung(point)
    killed = time.monotonic()
    house.revive()
    house.until_ended(signer)
    assert time.monotonic() - killed < RECOVERY_SECONDS
    assert walks.fresh(signer).state == "SIGNED"
    lost = Certificate.objects.filter(order__signer=str(signer.public_id), state=CertificateState.ABANDONED)
    assert lost.count() == (1 if point in COSTS_A_CERTIFICATE else 0)
    assert walks.entries(signer).count("code.accepted") == 1
    invariants.hold(house, signer)


def test_a_wrong_code_is_counted_once_where_its_judge_dies(house: House) -> None:
    """The verdict is committed, the path not told of it: one try, one entry, and the right code still signs."""
    signer, code = house.with_code()
    house.trap("verdict")
    house.submit(signer, f"{(int(code) + 1) % 1_000_000:06d}")
    house.until_sprung("verdict")
    house.until_code_page(signer)
    assert walks.fresh(signer).code_tries_left == 4
    assert walks.entries(signer).count("code.refused") == 1
    house.submit(walks.fresh(signer), code)
    house.until_ended(signer)
    invariants.hold(house, signer)
