"""What a worker does for one signer: send a code, sign, tell the service of an end. The row says which."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

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
    Unavailable,
    WrongCode,
)
from signing.gateway.contract import Document as Handed
from signing.jobs import closing
from signing.models import Document, Revision, Signer, StateChanged
from signing.states import EnvelopeState, SignerState

Clock = Callable[[], datetime]
Work = Signer.Work
Trouble = Signer.CodeTrouble
logger = logging.getLogger("paraphe.jobs")
HELD_SECONDS = 1.0
COUNTRY = "FR"


class Unfinished(Exception):
    """The service said it signed, and yet a document has no signature."""


def send_code(signer_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Have a code sent for a path that clicked SIGNER; the row says whether there is one to send."""
    return _work(signer_id, Work.SEND_CODE, _send_code, owner=owner, clock=clock)


def sign(signer_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Have the typed code judged and every document of the path signed."""
    return _work(signer_id, Work.SIGN, _sign, owner=owner, clock=clock)


def close_order(signer_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Tell the service that a path ended without signature."""
    return _work(signer_id, Work.REFUSE, _close_order, owner=owner, clock=clock)


def _work(
    signer_id: str, work: Signer.Work, do: Callable[[Signer, Gateway, Clock], list[Next]], *, owner: str, clock: Clock
) -> list[Next]:
    """Claim, do, and write down why it could not be done: a wait is not a failure, too many failures are an alarm."""
    signer = Signer.claim(signer_id, work, owner=owner, at=clock())
    if signer is None:
        return []
    if signer.work_failures > settings.MAX_ATTEMPTS and work != Work.REFUSE:
        logger.error("path quarantined", extra={"job": work, "row": signer_id, "attempt": signer.work_attempt})
        signer.finish(SignerState.QUARANTINED, at=clock())
        return []
    try:
        return do(signer, gateway(), clock)
    except Unavailable as error:
        logger.warning("path waits", extra={"job": work, "row": signer_id, "outcome": error.waits_for})
        signer.postpone(
            due_at=clock() + timedelta(seconds=error.retry_after), failed=False, waiting_for=error.waits_for
        )
    except StateChanged:
        logger.warning("claim lost", extra={"job": work, "row": signer_id})
    except Exception:
        logger.exception("job failed", extra={"job": work, "row": signer_id, "attempt": signer.work_attempt})
        signer.postpone(due_at=clock() + timedelta(seconds=settings.SWEEP_SECONDS * signer.work_failures), failed=True)
    return []


def _send_code(signer: Signer, service: Gateway, clock: Clock) -> list[Next]:
    order, _ = _ordered(signer, service)
    try:
        sent = service.send_code(order, "")
    except CodeTooSoon as error:
        signer.finish(at=clock(), code_resend_at=error.retry_at)
    except CodeUndelivered:
        signer.finish(at=clock(), code_trouble=Trouble.UNDELIVERED)
    except CodeLocked:
        return _lock(signer, clock())
    else:
        signer.finish(SignerState.CODE_SENT, at=clock(), **_code_fields(sent))
    return []


def _sign(signer: Signer, service: Gateway, clock: Clock) -> list[Next]:
    order, requests = _ordered(signer, service)
    if not signer.envelope.hold(signer.work_owner, at=clock()):
        raise Unavailable("order", HELD_SECONDS)
    try:
        revisions = {reference: _newest(document) for document, reference in requests.items()}
        service.sign(order, code=codes.unseal(signer.sealed_code), revisions=revisions)
        return _signed(
            signer, {document: service.fetch(reference) for document, reference in requests.items()}, clock()
        )
    except WrongCode as error:
        signer.finish(
            SignerState.CODE_SENT, at=clock(), code_trouble=Trouble.WRONG, code_tries_left=error.left, sealed_code=""
        )
    except CodeGone:
        signer.finish(SignerState.CODE_SENT, at=clock(), code_trouble=Trouble.GONE, sealed_code="")
    except CodeLocked as error:
        if error.final:
            return _lock(signer, clock())
        signer.finish(
            SignerState.CODE_SENT, at=clock(), code_trouble=Trouble.NO_TRIES_LEFT, code_tries_left=0, sealed_code=""
        )
    finally:
        signer.envelope.let_go(signer.work_owner)
    return []


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
    if signer.order != order:
        Signer.objects.filter(pk=signer.pk).update(order=order)
    return order, dict(zip(documents, references, strict=True))


def _signed(signer: Signer, results: dict[Document, object], at: datetime) -> list[Next]:
    """Keep the signed files, end the path, and the envelope with its last path."""
    envelope = signer.envelope
    with transaction.atomic():
        for document, result in results.items():
            if not isinstance(result, Signed):
                raise Unfinished(f"document {document.pk}")
            n = document.revisions.count() + 1
            Revision.objects.create(
                document=document, signer=signer, n=n, sha256=result.sha256, size=result.size, signed_at=result.at
            )
        signer.finish(SignerState.SIGNED, at=at, sealed_code="", waiting_for="")
        others = envelope.signers.exclude(state=SignerState.SIGNED).exists()
        follow = (
            closing.end_path(signer, at=at)
            if others
            else closing.close_envelope(envelope, EnvelopeState.COMPLETED, at=at)
        )
        return [*follow, closing.queue_letter(signer, "signed", at=at)]


def _lock(signer: Signer, at: datetime) -> list[Next]:
    """Too many wrong codes: the path ends, and the envelope with it."""
    with transaction.atomic():
        signer.finish(SignerState.LOCKED, at=at, sealed_code="")
        return closing.close_envelope(signer.envelope, EnvelopeState.FAILED, at=at)


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
        "waiting_for": "",
    }
