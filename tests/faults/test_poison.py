"""reliability.md, Faults: a poison document; tasks at their time limits."""

from signing.backend.models import Order
from signing.models import Signer
from signing.states import SignerState
from tests.faults import invariants
from tests.faults.house import LEASE_SECONDS, RECOVERY_SECONDS, House
from tests.faults.processes import until, worker
from tests.signing import walks

KINDS = ("crash", "killed", "memory")  # a segmentation fault; the kernel's out-of-memory killer; a MemoryError
ATTEMPTS = 5
TOLD = {"hang": "job failed", "deaf": "TimeLimitExceeded"}


def test_poison_is_quarantined_and_the_others_go_on(house: House) -> None:
    """Five attempts each, then QUARANTINED with an alarm; meanwhile another path is signed by the same workers."""
    coded = [house.with_code() for _ in KINDS]
    lines = [f"{kind} {signer.envelope.reference}" for kind, (signer, _) in zip(KINDS, coded, strict=True)]
    house.trap("poison", "\n".join(lines))
    for signer, code in coded:
        house.submit(signer, code)
    healthy, code = house.with_code()
    house.submit(healthy, code)
    house.until_ended(healthy)
    poisoned = [signer for signer, _ in coded]
    assert walks.fresh(healthy).state == SignerState.SIGNED
    assert {walks.fresh(signer).state for signer in poisoned} == {SignerState.SIGNING}
    stopped = Signer.objects.filter(pk__in=[each.pk for each in poisoned], state=SignerState.QUARANTINED)
    each_try = LEASE_SECONDS + 5
    until(lambda: stopped.count() == len(KINDS), seconds=(ATTEMPTS + 1) * each_try, what="quarantine")
    for signer in poisoned:
        order = Order.objects.get(signer=str(signer.public_id))
        assert order.attempt == ATTEMPTS
    assert "path quarantined" in "".join(each.log.read_text() for each in house.workers)
    invariants.hold(house, healthy)
    house.resume(*poisoned)
    house.until_ended(*poisoned)
    invariants.hold(house, *poisoned)


def test_a_task_at_its_time_limit_leaves_a_row_that_is_picked_up(house: House) -> None:
    """The first ends by the soft limit, as a failed try; the second takes no notice and is killed by the hard one.

    The worker's children end after twenty tasks as well, so that this goes on over several of them.
    """
    coded = [house.with_code() for _ in TOLD]
    limits = {"TASK_SOFT_SECONDS": "3", "TASK_HARD_SECONDS": "5"}
    alone = worker("limited", "--max-tasks-per-child", "20", state=house.state, environment=house.environment | limits)
    for each in house.workers:
        each.kill()
    try:
        alone.start()
        alone.wait_until_ready()
        for (trap, told), (signer, code) in zip(TOLD.items(), coded, strict=True):
            house.trap(trap)
            house.submit(signer, code)
            house.until_sprung(trap)
            house.until_ended(signer, seconds=2 * RECOVERY_SECONDS)
            assert told in alone.log.read_text()
    finally:
        alone.kill()
    house.start()
    signers = [signer for signer, _ in coded]
    assert {walks.fresh(signer).state for signer in signers} == {SignerState.SIGNED}
    invariants.hold(house, *signers)
