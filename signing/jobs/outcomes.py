"""What comes of a path at the signing service: its order, the signed files, the end or the way back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from evidence import files
from evidence.bell import Next
from signing.gateway.contract import Contact, Gateway, Holder, OrderRef, RequestRef, Signed, Status, Subject
from signing.gateway.contract import Document as Handed
from signing.jobs import closing, turns
from signing.models import CodeChannel, Document, Revision, Signer
from signing.states import EnvelopeState, SignerState

Clock = Callable[[], datetime]
Results = Mapping[Document, Signed | Status]
COUNTRY = "FR"


class Unfinished(Exception):
    """The service said it signed, and yet a document has no signature, or one that leaves out an earlier one."""


def ordered(signer: Signer, service: Gateway) -> tuple[OrderRef, dict[Document, RequestRef]]:
    """The order of this path at the service and its requests, made where they are not there yet."""
    envelope = signer.envelope
    order = service.create_order(
        reference=envelope.reference,
        holder=_holder(signer),
        otp=signer.code_channel != CodeChannel.NONE,
        contact=_contact(signer),
        subject=Subject(envelope.trail, str(signer.public_id), signer.binding, envelope.client_id),
    )
    documents = list(envelope.documents.filter(role=Document.Role.TO_SIGN).order_by("n"))
    handed = [
        Handed(
            id=str(each.public_id),
            path=each.path,
            newest=newest(each),
            sha256=each.sha256,
            size=each.size,
            pages=each.pages,
            stamp={"slot": signer.n - 1},
        )
        for each in documents
    ]
    references = service.add_documents(order, handed)
    signer.keep_order(order)
    return order, dict(zip(documents, references, strict=True))


def results(signer: Signer, service: Gateway) -> Results:
    """What the service has for each document of this path."""
    return fetched(service, ordered(signer, service)[1])


def fetched(service: Gateway, requests: Mapping[Document, RequestRef]) -> Results:
    """What became of each request."""
    return {document: service.fetch(reference) for document, reference in requests.items()}


def complete(found: Results) -> bool:
    """Whether every document is signed, over the newest revision."""
    return all(isinstance(result, Signed) and _on_top(document, result) for document, result in found.items())


def signed(signer: Signer, found: Results, at: datetime) -> list[Next]:
    """Keep the signed files, end the path, and the envelope with its last path."""
    with transaction.atomic():
        closing.lock_signers(signer.envelope)
        for document, result in found.items():
            if not isinstance(result, Signed) or not _on_top(document, result):
                raise Unfinished(f"document {document.pk}")
            n = document.revisions.count() + 1
            Revision.objects.create(
                document=document, signer=signer, n=n, sha256=result.sha256, size=result.size, signed_at=result.at
            )
        signer.finish(SignerState.SIGNED, at=at, sealed_code="")
        others = signer.envelope.signers.exclude(state=SignerState.SIGNED).exists()
        follow = closing.end_path(signer, at=at) if others else closing.end_with(signer, EnvelopeState.COMPLETED, at=at)
        return [*follow, *turns.invite_next(signer.envelope, at=at), closing.queue_letter(signer, "signed", at=at)]


def end_stopped(signer: Signer, service: Gateway, clock: Clock) -> list[Next]:
    """End a stopped path whose envelope has ended: SIGNED where the service had signed before it was told to stop."""
    order, requests = ordered(signer, service)
    service.discard(order)
    found = fetched(service, requests)
    if complete(found):
        return signed(signer, found, clock())
    at = clock()
    with transaction.atomic():
        closing.lock_signers(signer.envelope)
        signer.finish(at=at)
        return closing.follow_envelope(signer, at=at)


def not_signed(signer: Signer, at: datetime, **changes: object) -> list[Next]:
    """The code did not do: back to its page, or out, where the envelope has ended meanwhile."""
    with transaction.atomic():
        closing.lock_signers(signer.envelope)
        signer.finish(SignerState.CODE_SENT, at=at, sealed_code="", **changes)
        return closing.follow_envelope(signer, at=at)


def locked(signer: Signer, at: datetime) -> list[Next]:
    """Too many wrong codes: the path ends, and the envelope with it."""
    with transaction.atomic():
        closing.lock_signers(signer.envelope)
        signer.finish(SignerState.LOCKED, at=at, sealed_code="")
        return closing.end_with(signer, EnvelopeState.FAILED, at=at)


def newest(document: Document) -> Path:
    """The file that the next signature goes over."""
    revision = document.newest()
    return revision.path if revision else document.path


def _on_top(document: Document, result: Signed) -> bool:
    """Whether the signed file begins with the newest revision: no earlier signature is ever left out."""
    below = document.newest()
    if below is None:
        return True
    return result.size > below.size and files.prefix_digest(result.path, below.size) == below.sha256


def _holder(signer: Signer) -> Holder:
    return Holder(
        first_name=signer.first_name,
        last_name=signer.last_name,
        country=COUNTRY,
        language=signer.language,
        email=signer.email,
        mobile=signer.mobile,
    )


def _contact(signer: Signer) -> Contact:
    """Where the code goes; where none is asked for, the address is not used."""
    by_sms = signer.code_channel == CodeChannel.SMS
    return Contact("sms", signer.mobile) if by_sms else Contact("email", signer.email)
