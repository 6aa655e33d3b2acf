"""What a worker does for one signer: send a code, sign, tell the service of an end. The row says which."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from evidence import events, trail
from evidence.bell import Next
from otp import characters
from signing.gateway import gateway
from signing.gateway.contract import (
    CodeGone,
    CodeLocked,
    CodeTooSoon,
    CodeUndelivered,
    Gateway,
    OrderRef,
    Sent,
    Typed,
    Unavailable,
    WrongCode,
)
from signing.jobs import outcomes, reports, ringing
from signing.models import Signer, StateChanged
from signing.states import SignerState

Clock = Callable[[], datetime]
Job = Callable[[Signer, Gateway, Clock], list[Next]]
Work = Signer.Work
Trouble = Signer.CodeTrouble
logger = logging.getLogger("paraphe.jobs")
HELD_SECONDS = 1.0
LONGEST_WAIT = 60.0  # seconds between two tries of what waits for an authority
LONGEST_WAITS = {"order": 10.0, "mail": 300.0}  # each try at a server that is down is a code, with its entries


def send_code(signer_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Have a code sent for a path that clicked SIGNER; the row says whether there is one to send."""
    return _work(signer_id, Work.SEND_CODE, _send_code, owner=owner, clock=clock)


def sign(signer_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Have the typed code judged and every document of the path signed."""
    return _work(signer_id, Work.SIGN, _sign, owner=owner, clock=clock)


def waited_for(at: datetime) -> bool:
    """Whether somebody waits for a signature that nothing keeps from being made."""
    return Signer.objects.filter(work=Work.SIGN, work_due_at__lte=at, work_failures__lte=1).exists()


def close_order(signer_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Tell the service that a path ended without signature."""
    return _work(signer_id, Work.REFUSE, _close_order, owner=owner, clock=clock)


def _work(signer_id: str, work: Signer.Work, do: Job, *, owner: str, clock: Clock) -> list[Next]:
    """Claim, do, and write down why it could not be done: a wait is not a failure, too many failures are an alarm."""
    documents = ringing.documents(signer_id) if work == Work.SIGN else 0
    signer = Signer.claim(signer_id, work, owner=owner, at=clock(), documents=documents)
    if signer is None:
        if not Signer.objects.filter(public_id=signer_id).exists():
            logger.warning("no such path", extra={"job": work, "row": signer_id})
        return []
    told = {"job": work, "row": signer_id, "attempt": signer.work_attempt}
    try:
        if signer.work_failures > settings.MAX_ATTEMPTS and work != Work.REFUSE:
            return _given_up(signer, work, clock, told)
        return _tried(signer, do, clock, told)
    except StateChanged:
        logger.warning("claim lost", extra=told)
    return []


def _given_up(signer: Signer, work: Signer.Work, clock: Clock, told: dict[str, object]) -> list[Next]:
    """Stop the path, unless all its workers died after the service had signed: the service is asked, once."""
    if work == Work.SIGN and signer.work_failures == settings.MAX_ATTEMPTS + 1:
        try:
            results = outcomes.results(signer, gateway())
            if outcomes.complete(results):
                return outcomes.signed(signer, results, clock())
        except StateChanged:
            raise
        except Exception:
            logger.exception("job failed", extra=told)
    _quarantine(signer, clock())
    logger.error("path quarantined", extra=told)
    return []


def _quarantine(signer: Signer, at: datetime) -> None:
    """Stop a path that fails again and again, until the operator resumes it (`manage.py resume_path`)."""
    with transaction.atomic():
        signer.finish(SignerState.QUARANTINED, at=at, sealed_code="")
        event = events.PathQuarantined(signer=str(signer.public_id), attempts=signer.work_attempt)
        trail.append(signer.envelope.trail, event, actor=trail.SYSTEM, at=at)


def _tried(signer: Signer, do: Job, clock: Clock, told: dict[str, object]) -> list[Next]:
    try:
        return do(signer, gateway(), clock)
    except StateChanged:
        raise
    except Unavailable as error:
        logger.warning("path waits", extra=told | {"outcome": error.waits_for})
        longest = LONGEST_WAITS.get(error.waits_for, LONGEST_WAIT)
        wait = min(error.retry_after * 2 ** min(signer.work_attempt - 1, 10), longest)
        signer.postpone(due_at=clock() + timedelta(seconds=wait), failed=False, waiting_for=error.waits_for)
    except Exception:
        logger.exception("job failed", extra=told)
        signer.postpone(due_at=clock() + timedelta(seconds=settings.SWEEP_SECONDS * signer.work_failures), failed=True)
    return []


def _send_code(signer: Signer, service: Gateway, clock: Clock) -> list[Next]:
    order, _ = outcomes.ordered(signer, service)
    try:
        sent = service.send_code(order, "")
    except CodeTooSoon as error:
        # Only where an earlier try of this work issued a code that never went out: the row still asks for one.
        signer.postpone(due_at=error.retry_at, failed=False, code_resend_at=error.retry_at)
    except CodeUndelivered:
        signer.finish(at=clock(), code_trouble=Trouble.UNDELIVERED)
    except CodeLocked:
        return outcomes.locked(signer, clock())
    else:
        signer.finish(SignerState.CODE_SENT, at=clock(), **_code_fields(sent))
        if service.is_code_lost(order):  # a report was quicker than the line above, and found nobody to tell
            reports.lost(order)
    return []


def _sign(signer: Signer, service: Gateway, clock: Clock) -> list[Next]:
    order, requests = outcomes.ordered(signer, service)
    if not signer.envelope.hold(signer.public_id):
        raise Unavailable("order", HELD_SECONDS)
    try:
        revisions = {reference: outcomes.newest(document) for document, reference in requests.items()}
        service.sign(order, code=_typed(signer), revisions=revisions, validated=signer.forget_code)
        return outcomes.signed(signer, outcomes.fetched(service, requests), clock())
    except WrongCode as error:
        return outcomes.not_signed(signer, clock(), code_trouble=Trouble.WRONG, code_tries_left=error.left)
    except CodeGone:
        return outcomes.not_signed(signer, clock(), code_trouble=Trouble.GONE)
    except CodeLocked as error:
        if error.final:
            return outcomes.locked(signer, clock())
        return outcomes.not_signed(signer, clock(), code_trouble=Trouble.NO_TRIES_LEFT, code_tries_left=0)


def _close_order(signer: Signer, service: Gateway, clock: Clock) -> list[Next]:
    if signer.state == SignerState.QUARANTINED:
        return outcomes.end_stopped(signer, service, clock)
    order = OrderRef(signer.order)
    if signer.state == SignerState.REFUSED:
        service.refuse(order)
    else:
        service.discard(order)
    signer.finish(at=clock())
    return []


def _typed(signer: Signer) -> Typed | None:
    """The code that waits for its judgement; None where none is asked for, or it was accepted already."""
    code = characters.unseal(signer.sealed_code)
    return Typed(code, signer.code_try) if code is not None else None


def _code_fields(sent: Sent) -> dict[str, object]:
    return {
        "code_sent_at": sent.at,
        "code_valid_until": sent.valid_until,
        "code_resend_at": sent.resend_at,
        "code_tries_left": sent.tries,
        "code_masked": sent.masked,
        "code_trouble": Trouble.NONE if sent.certain else Trouble.UNANSWERED,
    }
