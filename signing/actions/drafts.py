"""Preparing an envelope by hand: files with their verdicts are kept until it is sent or given up."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from evidence.trail import Actor
from signing.actions import texts
from signing.actions.arming import NewSigner
from signing.actions.envelopes import Created, NewDocument, Taken, open_envelope, take_in
from signing.clients.documents import limits
from signing.clients.models import Client
from signing.engine import intake
from signing.models import Document, Draft, DraftDocument


class AlreadySent(Exception):
    """The draft is being sent, or has been."""


@dataclass(frozen=True)
class Wanted:
    """What a draft says once it has been checked."""

    signers: tuple[NewSigner, ...]
    purpose: str
    expires_at: datetime


def open_draft(*, client: Client, at: datetime) -> Draft:
    """An empty draft of a client."""
    return Draft.objects.create(client=client, created_at=at, expires_at=_end(at))


def keep_typed(*, draft: Draft, typed: Mapping[str, str], at: datetime) -> None:
    """Keep what was typed, sound or not, and the draft with it for another while."""
    Draft.objects.filter(pk=draft.pk).update(typed=dict(typed), expires_at=_end(at))
    draft.refresh_from_db()


def add_document(*, draft: Draft, content: Iterable[bytes], filename: str, role: Document.Role) -> DraftDocument:
    """Judge a file. An accepted one is kept; of a refused one the verdict is, and nothing of its bytes."""
    last = draft.documents.aggregate(last=Max("n"))["last"] or 0
    name = texts.file_name(filename)
    row = DraftDocument(draft=draft, n=last + 1, role=role, title=texts.title_of(name), filename=name, size=0)
    _judge(row, content)
    row.save()
    return row


def replace_document(*, document: DraftDocument, content: Iterable[bytes], filename: str) -> DraftDocument:
    """Put another file in the place of one, under the title that was given to it."""
    document.path.unlink(missing_ok=True)
    document.filename = texts.file_name(filename)
    _judge(document, content)
    document.save()
    return document


def name_document(*, document: DraftDocument, title: str, role: Document.Role) -> None:
    """Change what a document is called and what it is for. An empty title changes nothing."""
    DraftDocument.objects.filter(pk=document.pk).update(
        title=texts.title(title) if title.strip() else document.title, role=role
    )


def remove_document(*, document: DraftDocument) -> None:
    """Take a file out of the draft."""
    path = document.path
    document.delete()
    path.unlink(missing_ok=True)


def discard_draft(*, draft: Draft) -> None:
    """Give a draft up: nothing of it is kept."""
    draft.remove_files()
    draft.delete()


def send_draft(*, draft: Draft, wanted: Wanted, actor: Actor, at: datetime) -> Created:
    """Make an envelope of a draft: the files are judged again as they lie there, and the draft is gone.

    Raises `AlreadySent`, `ValidationError` where a signer cannot be asked for consent in their language, and
    `intake.Refused` where a file is no longer taken; the draft stays then.
    """
    if not draft.claim(at=at):
        raise AlreadySent
    try:
        taken = take_in([_declared(row) for row in draft.documents.order_by("n")], limits=limits(draft.client))
        created = _made(draft, taken, wanted, actor, at)
    except BaseException:
        draft.release()
        raise
    draft.remove_files()
    return created


def _made(draft: Draft, taken: Sequence[Taken], wanted: Wanted, actor: Actor, at: datetime) -> Created:
    """The envelope in the place of the draft, in one transaction."""
    with transaction.atomic():
        if not Draft.objects.filter(pk=draft.pk).delete()[0]:
            raise AlreadySent
        return open_envelope(
            client=draft.client,
            taken=taken,
            signers=wanted.signers,
            actor=actor,
            at=at,
            purpose=wanted.purpose,
            expires_at=wanted.expires_at,
        )


def _judge(row: DraftDocument, content: Iterable[bytes]) -> None:
    """Put the file into the draft's folder, and what its intake says into the row."""
    row.draft.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with row.path.open("wb") as target:
        target.writelines(content)
    row.size = row.path.stat().st_size
    try:
        with tempfile.TemporaryDirectory(dir=row.draft.folder) as work:
            accepted = intake.examine(row.path, workdir=Path(work), limits=limits(row.draft.client))
    except intake.Refused as error:
        row.path.unlink()
        row.label, row.sentence, row.sentence_en = error.label, error.sentence, error.sentence_en
        row.sha256, row.received_sha256, row.pages, row.checks = "", "", 0, []
    else:
        row.label = row.sentence = row.sentence_en = ""
        row.sha256, row.received_sha256 = accepted.sha256, accepted.received_sha256
        row.pages, row.checks = len(accepted.pages), list(accepted.checks)


def _declared(row: DraftDocument) -> NewDocument:
    return NewDocument(source=row.path, title=row.title, filename=row.filename, role=Document.Role(row.role))


def _end(at: datetime) -> datetime:
    return at + timedelta(hours=settings.DRAFT_HOURS)
