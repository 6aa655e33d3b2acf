"""Entering a path and being handed its files."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from django.db import IntegrityError, transaction

from evidence import addenda, bell, events, files, looks, trail
from evidence.trail import Actor
from signing.access import Session
from signing.models import AccessLink, Document, PageReading, Presentation, Revision, Signer, Visit
from signing.reading import GRANT_MS
from signing.states import SignerState


def fetch_link(*, signer: Signer, actor: Actor, at: datetime) -> None:
    """Record that a link was fetched (mail scanners do): a technical entry, no change of state."""
    with transaction.atomic():
        trail.append(signer.envelope.trail, events.LinkFetched(signer=str(signer.public_id)), actor=actor, at=at)


def refuse_access(*, signer: Signer, actor: Actor, at: datetime) -> None:
    """The button was pressed on a link whose time has passed, or whose path is on hold: recorded, nothing opens."""
    reason: Literal["held", "ended", "expired"] = "ended" if signer.state == SignerState.CANCELLED else "expired"
    event = events.AccessRefused(signer=str(signer.public_id), reason="held" if signer.is_held else reason)
    with transaction.atomic():
        trail.append(signer.envelope.trail, event, actor=actor, at=at)


def confirm_access(*, link: AccessLink, session: Session, actor: Actor, at: datetime) -> Signer:
    """The button of the landing page: this browser may see the path from now on; the first time the path is OPENED.

    One browser serves one person: what somebody else opened in it is closed, other envelopes of the same one stay.
    """
    signer = link.signer
    identifier, means = str(signer.public_id), AccessLink.Means(link.means)
    for visit in _visits_of_others(session.former, signer):
        close_visit(visit=visit, reason="other_person", at=at)
    with transaction.atomic():
        signer = locked(signer)
        _take_over(session)
        _, new = Visit.objects.update_or_create(
            session=session.digest,
            signer=signer,
            defaults={"seen_at": at},
            create_defaults={"opened_at": at, "seen_at": at},
        )
        event = events.SessionOpened(signer=identifier) if new else events.SessionResumed(signer=identifier)
        told = [(_confirmed(identifier, means), at), (event, at)]
        trail.extend(signer.envelope.trail, told, actor=actor)
        if signer.state == SignerState.INVITED:
            signer.move_to(SignerState.OPENED, at=at, opened_at=at, reading_credit_at=at, reading_credit_ms=GRANT_MS)
            _show_consents(signer, actor, at)
    return signer


def close_visit(*, visit: Visit, reason: Literal["idle", "other_person", "left"], at: datetime) -> None:
    """This browser may no longer see this path; recorded once. What was read and checked stays."""
    event = events.SessionExpired(signer=str(visit.signer.public_id), reason=reason)
    with transaction.atomic():
        closed, _ = Visit.objects.filter(pk=visit.pk, session=visit.session, seen_at=visit.seen_at).delete()
        if closed:
            # Not the actor of the request: whoever comes next is nobody in this signer's trail.
            trail.append(visit.signer.envelope.trail, event, actor=replace(trail.SYSTEM, session=visit.session), at=at)


def leave(*, signer: Signer, session: str, at: datetime) -> None:
    """The signer leaves this browser (`session`: its digest)."""
    for visit in Visit.objects.filter(signer=signer, session=session).select_related("signer__envelope__trail"):
        close_visit(visit=visit, reason="left", at=at)


def _take_over(session: Session) -> None:
    """The new session sees what the former one does, which goes on for what is on its way in another tab."""
    for visit in Visit.objects.filter(session=session.former):
        Visit.objects.create(
            session=session.digest, signer_id=visit.signer_id, opened_at=visit.opened_at, seen_at=visit.seen_at
        )


def _visits_of_others(session: str, signer: Signer) -> list[Visit]:
    """What this browser holds for somebody else: another signer of this envelope, or another person elsewhere."""
    rows = Visit.objects.filter(session=session).exclude(signer=signer).select_related("signer__envelope__trail")
    return [row for row in rows if row.signer.envelope_id == signer.envelope_id or not _same(row.signer, signer)]


def _same(one: Signer, other: Signer) -> bool:
    """Whether two signers were declared as one person: the same address and the same name."""
    return (one.email.casefold(), one.full_name.casefold()) == (other.email.casefold(), other.full_name.casefold())


def _confirmed(identifier: str, means: AccessLink.Means) -> events.Event:
    """Which link was used: a printed one says nothing of the mailbox."""
    if means == AccessLink.Means.PASS:  # told by the client, in the entry before
        return events.AccessConfirmed(signer=identifier)
    return events.AccessConfirmed(signer=identifier, link="printed" if means == AccessLink.Means.PRINTED else "message")


def present_document(*, signer: Signer, document: Document, actor: Actor, at: datetime) -> None:
    """The frozen bytes are being served to this signer: recorded the first time, once they are seen to be intact.

    Raises `files.Missing` where they are not those that were frozen.
    """
    if Presentation.objects.filter(signer=signer, document=document).exists():
        return
    if not files.intact(document.sha256):
        raise files.Missing(f"the file kept as {document.sha256} has other bytes")
    event = events.DocumentPresented(
        signer=str(signer.public_id), document=str(document.public_id), sha256=document.sha256, bytes=document.size
    )
    try:
        with transaction.atomic():
            Presentation.objects.create(signer=signer, document=document, presented_at=at)
            trail.append(signer.envelope.trail, event, actor=actor, at=at)
    except IntegrityError:
        return  # two range requests at once: the other one recorded it


def present_page(*, signer: Signer, document: Document, page: int, sha256: str, actor: Actor, at: datetime) -> None:
    """A page is being served to this signer as a picture (`sha256`: its bytes'); recorded the first time.

    The first time the document's presentation is recorded; raises `files.Missing` as there.
    """
    present_document(signer=signer, document=document, actor=actor, at=at)
    event = events.PageServed(signer=str(signer.public_id), document=str(document.public_id), page=page, sha256=sha256)
    with transaction.atomic():
        row, _ = PageReading.objects.get_or_create(signer=signer, document=document, page=page)
        if PageReading.objects.filter(pk=row.pk, pictured_at__isnull=True).update(pictured_at=at):
            trail.append(signer.envelope.trail, event, actor=actor, at=at)


def download_presented(*, signer: Signer | None, document: Document, actor: Actor, at: datetime) -> None:
    """Somebody takes a copy of a document as it was shown: traced, and no reading."""
    _taken(document, document.sha256, "presented", signer, actor, at)


def download_signed(*, signer: Signer | None, revision: Revision, actor: Actor, at: datetime) -> None:
    """Somebody takes a signed document."""
    _taken(revision.document, revision.sha256, "signed", signer, actor, at)


def show_delivery(*, signer: Signer, actor: Actor, at: datetime) -> None:
    """The signed documents were shown on the last page: recorded the first time, where need be in an addendum."""
    if signer.delivered_at:
        return
    with transaction.atomic():
        if Signer.objects.filter(pk=signer.pk, delivered_at__isnull=True).update(delivered_at=at):
            identifier = str(signer.public_id)
            event = events.DeliveryShown(signer=identifier)
            bell.ring(*addenda.tell(signer.envelope.trail, identifier, event, actor=actor, at=at))


def download_dossier(*, signer: Signer, form: events.DossierForm, actor: Actor, at: datetime) -> None:
    """Somebody takes the dossier."""
    event = events.DossierDownloaded(signer=str(signer.public_id), form=form)
    looks.look(signer.envelope.trail, event, actor=actor, at=at)


def signers_before(signer: Signer) -> int:
    """How many people must still sign before this signer's turn."""
    earlier = signer.envelope.signers.filter(turn__lt=signer.turn)
    return earlier.exclude(state=SignerState.SIGNED).count()


def locked(signer: Signer) -> Signer:
    """The signer's row under its lock, inside a transaction; one action at a time on one path."""
    rows = Signer.objects.select_for_update(of=("self",))
    return rows.select_related("envelope__client__policy", "envelope__trail").get(pk=signer.pk)


def _show_consents(signer: Signer, actor: Actor, at: datetime) -> None:
    shown = [each.bound() for each in signer.consents.select_related("terms").order_by("position")]
    event = events.ConsentShown(signer=str(signer.public_id), consents=shown)
    trail.append(signer.envelope.trail, event, actor=actor, at=at)


def _taken(
    document: Document,
    sha256: str,
    form: Literal["presented", "signed"],
    signer: Signer | None,
    actor: Actor,
    at: datetime,
) -> None:
    event = events.DocumentDownloaded(
        signer=str(signer.public_id) if signer else None, document=str(document.public_id), form=form, sha256=sha256
    )
    looks.look(document.envelope.trail, event, actor=actor, at=at)
