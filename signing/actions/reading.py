"""Taking what a browser says of reading, boxes and mentions, and judging it."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Literal

from django.db import transaction

from evidence import events, trail
from evidence.trail import Actor
from signing import progress, reading
from signing.actions.paths import locked
from signing.clients import mentions
from signing.engine import names
from signing.models import Document, PageReading, Presentation, ReadingBrowser, ReadingStream, Signer, SignerConsent
from signing.states import READING, SignerState

Shown = Literal["displayed", "declared", "image"]


class PathClosed(Exception):
    """This path takes no more reading or consent."""


class NotPresented(Exception):
    """The document's bytes were never served to this signer, or it has no such page."""


class TooEarly(Exception):
    """The minimum time of the page has not passed; `wait_ms` remain."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__(f"{wait_ms} ms too early")
        self.wait_ms = wait_ms


def take_reading(
    *, signer: Signer, stream: str, seq: int, claims: list[reading.Claim], actor: Actor, at: datetime
) -> tuple[list[PageReading], int]:
    """Take one batch: gives the pages it touched and the milliseconds refused; a batch taken before changes nothing.

    The actor's terminal is told only where reading moves to another one. Raises `PathClosed` and `NotPresented`;
    nothing of the batch is taken then.
    """
    with transaction.atomic():
        signer = _reading(signer)
        places = _places(signer, claims)
        _note_browser(signer, actor, at)
        actor = replace(actor, terminal=None)  # a batch each second says nothing new of it
        row, _ = ReadingStream.objects.get_or_create(signer=signer, stream=stream)
        if seq <= row.last_seq:
            return list(places.values()), 0
        ReadingStream.objects.filter(pk=row.pk).update(last_seq=seq)
        credit, refused = _credit(signer, at), 0
        touched: dict[int, PageReading] = {}
        for claim in claims:
            place = places[claim.document, claim.page]
            held = reading.Page(int(place.cells, 16), place.dwell_ms)
            page, taken = reading.take(held, claim, credit_ms=credit)
            credit, refused = credit - taken, refused + claim.ms - taken
            _write(signer, place, page, actor, at)
            touched[place.pk] = place
        _spend(signer, credit, at)
        if refused:
            event = events.ReadingRefused(signer=str(signer.public_id), refused_ms=refused, reason="faster_than_time")
            trail.append(signer.envelope.trail, event, actor=actor, at=at)
        _enable(signer, actor, at)
    return list(touched.values()), refused


def declare_page(*, signer: Signer, document: int, page: int, actor: Actor, at: datetime) -> PageReading:
    """The button "J'ai lu la page N": read by declaration, for the same minimum time; of a picture where one was shown.

    Raises `PathClosed`, `NotPresented`, `TooEarly`.
    """
    with transaction.atomic():
        signer = _reading(signer)
        place = _places(signer, [reading.Claim(document, page, 0, 0)])[document, page]
        if place.read_at:
            return place
        _note_browser(signer, actor, at)
        held = reading.Page(int(place.cells, 16), place.dwell_ms)
        dwell = signer.envelope.dwell_ms
        costs, credit = reading.declaration_costs(held, dwell), _credit(signer, at)
        if costs > credit:
            raise TooEarly(-(-(costs - credit) // reading.SPEED))
        _spend(signer, credit - costs, at)
        place.dwell_ms = max(place.dwell_ms, dwell)
        _read(signer, place, "image" if place.pictured_at else "declared", actor, at)
        _enable(signer, actor, at)
    return place


def set_consent(*, signer: Signer, consent: str, checked: bool, actor: Actor, at: datetime) -> None:
    """Check or uncheck one statement. An unknown one raises `SignerConsent.DoesNotExist`.

    Raises `PathClosed` also once SIGNER was clicked: what is agreed to then stands for the code that follows.
    """
    with transaction.atomic():
        signer = _agreeing(signer)
        row = signer.consents.select_related("terms").get(key=consent)
        if bool(row.checked_at) == checked:
            return
        row.checked_at = at if checked else None
        row.save(update_fields=["checked_at"])
        kind = events.ConsentChecked if checked else events.ConsentUnchecked
        bound = row.bound()
        event = kind(
            signer=str(signer.public_id),
            consent=bound.id,
            version=bound.version,
            language=bound.language,
            sha256=bound.sha256,
            terms=bound.terms,
        )
        trail.append(signer.envelope.trail, event, actor=actor, at=at)
        _enable(signer, actor, at)


def set_mention(*, signer: Signer, consent: str, typed: str, actor: Actor, at: datetime) -> SignerConsent:
    """Take what a signer typed for a statement; `typed_at` of the row says whether it is the mention asked for.

    The same words again change nothing. Raises `SignerConsent.DoesNotExist` for a statement that asks for none, and
    `PathClosed` as `set_consent`.
    """
    with transaction.atomic():
        signer = _agreeing(signer)
        row = signer.consents.exclude(mention="").get(key=consent)
        words = names.clean(typed)[: mentions.LONGEST_TYPED].strip()
        if words == row.typed:
            return row
        same = mentions.agrees(words, row.mention)
        row.typed, row.typed_at = words, at if same else None
        row.save(update_fields=["typed", "typed_at"])
        event = events.MentionTyped(
            signer=str(signer.public_id),
            consent=row.key,
            version=row.version,
            language=row.language,
            sha256=row.sha256,
            result=("same" if same else "differs") if words else "emptied",
            typed=words or None,
        )
        trail.append(signer.envelope.trail, event, actor=actor, at=at)
        _enable(signer, actor, at)
    return row


def _agreeing(signer: Signer) -> Signer:
    """The signer under the row's lock, while boxes and mentions may change. Raises `PathClosed`."""
    signer = _reading(signer)
    if signer.state != SignerState.OPENED or signer.clicked_at:
        raise PathClosed
    return signer


def _reading(signer: Signer) -> Signer:
    signer = locked(signer)
    if signer.state not in READING:
        raise PathClosed
    return signer


def _places(signer: Signer, claims: list[reading.Claim]) -> dict[tuple[int, int], PageReading]:
    """The rows of the pages a batch speaks of; a document that was never served has none."""
    served = Presentation.objects.filter(signer=signer).values("document_id")
    documents = {row.n: row for row in Document.objects.filter(envelope_id=signer.envelope_id, pk__in=served)}
    places: dict[tuple[int, int], PageReading] = {}
    for claim in claims:
        document = documents.get(claim.document)
        if document is None or not 1 <= claim.page <= document.pages:
            raise NotPresented(f"document {claim.document}, page {claim.page}")
        if (claim.document, claim.page) not in places:
            row, _ = PageReading.objects.get_or_create(signer=signer, document=document, page=claim.page)
            places[claim.document, claim.page] = row
    return places


def _note_browser(signer: Signer, actor: Actor, at: datetime) -> None:
    """Flag the first reading in a browser that calls itself otherwise than those before (a second device, mostly).

    Not by the session, which is new each time the link is opened, nor by the address, which a telephone changes often.
    """
    name = actor.terminal.user_agent if actor.terminal else ""
    _row, new = ReadingBrowser.objects.get_or_create(signer=signer, digest=hashlib.sha256(name.encode()).hexdigest())
    browsers = ReadingBrowser.objects.filter(signer=signer).count() if new else 1
    if browsers > 1:
        event = events.ReadingMoved(signer=str(signer.public_id), browsers=browsers)
        trail.append(signer.envelope.trail, event, actor=actor, at=at)


def _credit(signer: Signer, at: datetime) -> int:
    elapsed = at - (signer.reading_credit_at or at)
    return reading.credit(signer.reading_credit_ms, int(elapsed.total_seconds() * 1000))


def _spend(signer: Signer, left: int, at: datetime) -> None:
    Signer.objects.filter(pk=signer.pk).update(reading_credit_ms=left, reading_credit_at=at)


def _write(signer: Signer, place: PageReading, page: reading.Page, actor: Actor, at: datetime) -> None:
    place.cells, place.dwell_ms = f"{page.cells:020x}", page.dwell_ms
    if not place.read_at and page.complete(signer.envelope.dwell_ms):
        _read(signer, place, "displayed", actor, at)
    else:
        place.save(update_fields=["cells", "dwell_ms"])


def _read(signer: Signer, place: PageReading, method: Shown, actor: Actor, at: datetime) -> None:
    """A page is read: its row, its entry, and the document's entry where it was the last."""
    place.method, place.read_at = method, at
    place.save(update_fields=["cells", "dwell_ms", "method", "read_at"])
    held = reading.Page(int(place.cells, 16), place.dwell_ms)
    document = place.document
    journal, identifier = signer.envelope.trail, str(signer.public_id)
    event = events.PageRead(
        signer=identifier,
        document=str(document.public_id),
        page=place.page,
        method=method,
        dwell_ms=place.dwell_ms,
        coverage_percent=held.coverage_percent,
    )
    trail.append(journal, event, actor=actor, at=at)
    if PageReading.objects.filter(signer=signer, document=document, read_at__isnull=False).count() == document.pages:
        whole = events.DocumentRead(signer=identifier, document=str(document.public_id), pages=document.pages)
        trail.append(journal, whole, actor=actor, at=at)


def _enable(signer: Signer, actor: Actor, at: datetime) -> None:
    """SIGNER opens: recorded the first time everything is there."""
    if signer.enabled_at or not progress.of(signer).ready:
        return
    if Signer.objects.filter(pk=signer.pk, enabled_at__isnull=True).update(enabled_at=at):
        trail.append(signer.envelope.trail, events.SignEnabled(signer=str(signer.public_id)), actor=actor, at=at)
