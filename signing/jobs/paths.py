"""What a worker does for one signer: send a code, sign, tell the service of an end. The row says which."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from evidence import events, files, trail
from evidence.bell import Next
from otp import codes
from signing.gateway import gateway
from signing.gateway.contract import (
    CodeGone,
    CodeLocked,
    CodeTooSoon,
    CodeUndelivered,
    Contact,
    Gateway,
    Holder,
    OrderRef,
    RequestRef,
    Sent,
    Signed,
    Subject,
    Typed,
    Unavailable,
    WrongCode,
)
from signing.gateway.contract import Document as Handed
from signing.jobs import closing
from signing.models import Document, Revision, Signer, StateChanged
from signing.states import EnvelopeState, SignerState

Clock = Callable[[], datetime]
Job = Callable[[Signer, Gateway, Clock], list[Next]]
Work = Signer.Work
Trouble = Signer.CodeTrouble
logger = logging.getLogger("paraphe.jobs")
HELD_SECONDS = 1.0
LONGEST_WAIT = 60.0  # seconds between two tries of what waits for an authority
LONGEST_WAITS = {"order": 10.0}
COUNTRY = "FR"


class Unfinished(Exception):
    """The service said it signed, and yet a document has no signature, or one that leaves out an earlier one."""


def send_code(signer_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Have a code sent for a path that clicked SIGNER; the row says whether there is one to send."""
    return _work(signer_id, Work.SEND_CODE, _send_code, owner=owner, clock=clock)


def sign(signer_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Have the typed code judged and every document of the path signed."""
    return _work(signer_id, Work.SIGN, _sign, owner=owner, clock=clock)


def close_order(signer_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Tell the service that a path ended without signature."""
    return _work(signer_id, Work.REFUSE, _close_order, owner=owner, clock=clock)


def _work(signer_id: str, work: Signer.Work, do: Job, *, owner: str, clock: Clock) -> list[Next]:
    """Claim, do, and write down why it could not be done: a wait is not a failure, too many failures are an alarm."""
    signer = Signer.claim(signer_id, work, owner=owner, at=clock())
    if signer is None:
        return []
    told = {"job": work, "row": signer_id, "attempt": signer.work_attempt}
    try:
        if signer.work_failures > settings.MAX_ATTEMPTS and work != Work.REFUSE:
            _quarantine(signer, clock())
            logger.error("path quarantined", extra=told)
            return []
        return _tried(signer, do, clock, told)
    except StateChanged:
        logger.warning("claim lost", extra=told)
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
    order, _ = _ordered(signer, service)
    try:
        sent = service.send_code(order, "")
    except CodeTooSoon as error:
        # Only where an earlier try of this work issued a code that never went out: the row still asks for one.
        signer.postpone(due_at=error.retry_at, failed=False, code_resend_at=error.retry_at)
    except CodeUndelivered:
        signer.finish(at=clock(), code_trouble=Trouble.UNDELIVERED)
    except CodeLocked:
        return _lock(signer, clock())
    else:
        signer.finish(SignerState.CODE_SENT, at=clock(), **_code_fields(sent))
    return []


def _sign(signer: Signer, service: Gateway, clock: Clock) -> list[Next]:
    order, requests = _ordered(signer, service)
    if not signer.envelope.hold(signer.public_id):
        raise Unavailable("order", HELD_SECONDS)
    try:
        revisions = {reference: _newest(document) for document, reference in requests.items()}
        service.sign(order, code=_typed(signer), revisions=revisions, validated=signer.forget_code)
        return _signed(
            signer, {document: service.fetch(reference) for document, reference in requests.items()}, clock()
        )
    except WrongCode as error:
        return _not_signed(signer, clock(), code_trouble=Trouble.WRONG, code_tries_left=error.left)
    except CodeGone:
        return _not_signed(signer, clock(), code_trouble=Trouble.GONE)
    except CodeLocked as error:
        if error.final:
            return _lock(signer, clock())
        return _not_signed(signer, clock(), code_trouble=Trouble.NO_TRIES_LEFT, code_tries_left=0)


def _close_order(signer: Signer, service: Gateway, clock: Clock) -> list[Next]:
    order = OrderRef(signer.order)
    if signer.state == SignerState.REFUSED:
        service.refuse(order)
    else:
        service.discard(order)
    signer.finish(at=clock())
    return []


def _ordered(signer: Signer, service: Gateway) -> tuple[OrderRef, dict[Document, RequestRef]]:
    """The order of this path at the service and its requests, made where they are not there yet."""
    envelope = signer.envelope
    order = service.create_order(
        reference=envelope.reference,
        holder=Holder(signer.first_name, signer.last_name, COUNTRY, envelope.language),
        otp=True,
        contact=Contact("email", signer.email),
        subject=Subject(envelope.trail, str(signer.public_id), signer.binding, envelope.client_id),
    )
    documents = list(envelope.documents.filter(role=Document.Role.TO_SIGN).order_by("n"))
    handed = [
        Handed(str(each.public_id), each.path, each.sha256, each.size, each.pages, {"slot": signer.n - 1})
        for each in documents
    ]
    references = service.add_documents(order, handed)
    signer.keep_order(order)
    return order, dict(zip(documents, references, strict=True))


def _signed(signer: Signer, results: dict[Document, object], at: datetime) -> list[Next]:
    """Keep the signed files, end the path, and the envelope with its last path."""
    with transaction.atomic():
        closing.lock_signers(signer.envelope)
        for document, result in results.items():
            if not isinstance(result, Signed) or not _on_top(document, result):
                raise Unfinished(f"document {document.pk}")
            n = document.revisions.count() + 1
            Revision.objects.create(
                document=document, signer=signer, n=n, sha256=result.sha256, size=result.size, signed_at=result.at
            )
        signer.finish(SignerState.SIGNED, at=at, sealed_code="")
        others = signer.envelope.signers.exclude(state=SignerState.SIGNED).exists()
        follow = closing.end_path(signer, at=at) if others else closing.end_with(signer, EnvelopeState.COMPLETED, at=at)
        return [*follow, closing.queue_letter(signer, "signed", at=at)]


def _on_top(document: Document, result: Signed) -> bool:
    """Whether the signed file begins with the newest revision: no earlier signature is ever left out."""
    newest = document.newest()
    if newest is None:
        return True
    return result.size > newest.size and files.prefix_digest(result.path, newest.size) == newest.sha256


def _not_signed(signer: Signer, at: datetime, **changes: object) -> list[Next]:
    """The code did not do: back to its page, or out, where the envelope has ended meanwhile."""
    with transaction.atomic():
        closing.lock_signers(signer.envelope)
        signer.finish(SignerState.CODE_SENT, at=at, sealed_code="", **changes)
        return closing.follow_envelope(signer, at=at)


def _lock(signer: Signer, at: datetime) -> list[Next]:
    """Too many wrong codes: the path ends, and the envelope with it."""
    with transaction.atomic():
        closing.lock_signers(signer.envelope)
        signer.finish(SignerState.LOCKED, at=at, sealed_code="")
        return closing.end_with(signer, EnvelopeState.FAILED, at=at)


def _typed(signer: Signer) -> Typed | None:
    """The code that waits for its judgement; None where none is asked for, or it was accepted already."""
    code = codes.unseal(signer.sealed_code)
    return Typed(code, signer.code_try) if code is not None else None


def _newest(document: Document) -> Path:
    revision = document.newest()
    return revision.path if revision else document.path


def _code_fields(sent: Sent) -> dict[str, object]:
    return {
        "code_sent_at": sent.at,
        "code_valid_until": sent.valid_until,
        "code_resend_at": sent.resend_at,
        "code_tries_left": sent.tries,
        "code_masked": sent.masked,
        "code_trouble": Trouble.NONE,
    }
