"""reliability.md, Faults: 50 SIGN in parallel; SIGN against refuse, expiry and cancel: exactly one wins."""

from collections.abc import Callable

import pytest
from django.db import connections, transaction
from django.utils.timezone import now

from signing.actions import signature
from signing.actions.cancellation import cancel_envelope
from signing.jobs import closing
from signing.models import Envelope, Signer
from signing.states import EnvelopeState, SignerState
from tests.faults import invariants
from tests.faults.browsers import at_code_page, at_once
from tests.faults.house import House, sign
from tests.http_signer import Answer
from tests.signing import walks

PRESSES = 50
ROUNDS = 3


def test_fifty_presses_of_sign(house: House) -> None:
    """Fifty POSTs on two web processes of four threads: one is taken, all have the answer of a second click."""
    signer, browser, code = at_code_page(house)

    def press() -> Answer:
        return browser.enter(code)

    answers = at_once(*[press] * PRESSES)
    assert [answer for answer in answers if not isinstance(answer, Answer) or answer.status != 200] == []
    house.until_ended(signer)
    kinds = walks.entries(signer)
    assert [kinds.count(kind) for kind in ("code.entered", "code.accepted", "certificate.requested")] == [1, 1, 1]
    assert walks.fresh(signer).state == SignerState.SIGNED
    invariants.hold(house, signer)


def refuse(signer: Signer) -> None:
    signature.refuse(signer=signer, choice="content", reason="", actor=walks.actor(), at=now())


def cancel(signer: Signer) -> None:
    cancel_envelope(envelope=signer.envelope, actor=walks.CLIENT, at=now())


def expire(signer: Signer) -> None:
    """What the sweeper does on the last day."""
    with transaction.atomic():
        closing.close_envelope(Envelope.objects.get(pk=signer.envelope_id), EnvelopeState.EXPIRED, at=now())


RIVALS: dict[Callable[[Signer], None], SignerState] = {
    refuse: SignerState.REFUSED,
    cancel: SignerState.CANCELLED,
    expire: SignerState.EXPIRED,
}


@pytest.mark.parametrize("rival", RIVALS)
def test_sign_against_another_end(house: House, rival: Callable[[Signer], None]) -> None:
    """Five SIGN and five of the other at once, in threads with connections of their own: one side has all of it."""
    for _ in range(ROUNDS):
        signer, code = house.with_code()
        won = _fight(signer, code, rival)
        house.ring(sign(signer))
        house.until_ended(signer)
        state = walks.fresh(signer).state
        assert state == (SignerState.SIGNED if won == "sign" else RIVALS[rival])
        kinds = walks.entries(signer)
        assert kinds.count("code.entered") == (1 if won == "sign" else 0)
        assert kinds.count("envelope.closed") == 1
        invariants.hold(house, signer)


def _fight(signer: Signer, code: str, rival: Callable[[Signer], None]) -> str:
    """Let both sides try five times each; gives who won, once the losers have been seen to be refused."""

    def press() -> str:
        try:
            signature.submit_code(signer=walks.fresh(signer), code=code, actor=walks.actor(), at=now())
            return "sign"
        finally:
            connections.close_all()

    def other() -> str:
        try:
            rival(walks.fresh(signer))
            return "other"
        finally:
            connections.close_all()

    ends = at_once(*[press, other] * 5)
    winners = {end for end in ends if isinstance(end, str)}
    assert len(winners) == 1, ends
    losers = {type(end).__name__ for end in ends if isinstance(end, Exception)}
    assert losers <= {"NotPossible", "StateChanged", "NotCancellable"}, ends
    return winners.pop()
