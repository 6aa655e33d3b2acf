"""Creating an envelope: intake of every PDF, bytes frozen, signers declared, paths armed, links queued."""

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import repeat
from pathlib import Path

from django.conf import settings
from django.db import transaction

from evidence import bell, chain, conformity, events, files, trail
from evidence.trail import Actor
from signing.actions import arming, texts
from signing.actions.arming import NewSigner
from signing.clients import models as clients
from signing.clients.documents import limits
from signing.clients.models import Client
from signing.engine import intake, names
from signing.jobs import turns
from signing.models import Document, Envelope
from signing.states import EnvelopeState

AT_ONCE = 4  # children of the intake that run beside each other


@dataclass(frozen=True)
class NewDocument:
    """A PDF as the client handed it over."""

    source: Path
    title: str
    filename: str
    role: Document.Role


@dataclass(frozen=True)
class Created:
    """An envelope whose paths are armed, and one link token per signer, in order, for whoever asked."""

    envelope: Envelope
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class Taken:
    """One document after intake: declared, judged, stored."""

    declared: NewDocument
    accepted: intake.Accepted


def create_envelope(
    *,
    client: Client,
    documents: Sequence[NewDocument],
    signers: Sequence[NewSigner],
    actor: Actor,
    at: datetime,
    purpose: str = "",
    external_reference: str = "",
    language: str = "fr",
    expires_at: datetime | None = None,
) -> Created:
    """Take the documents in, freeze them and open a path for every signer; whose turn it is gets a mail with a link.

    Raises `ValidationError` (see `texts`), `arming.NoMobile` and `intake.Refused` (its `document` names the
    file) before anything is stored. Without `expires_at`, paths are open for `ENVELOPE_DAYS`.
    """
    texts.check_envelope(signers=signers, purpose=purpose, external_reference=external_reference)
    signers = arming.reachable(signers)
    arming.check_policy(client, signers)
    arming.check_statements(client, signers, at=at)
    return open_envelope(
        client=client,
        taken=take_in(documents, limits=limits(client)),
        signers=signers,
        actor=actor,
        at=at,
        purpose=purpose,
        external_reference=external_reference,
        language=language,
        expires_at=expires_at,
    )


def open_envelope(
    *,
    client: Client,
    taken: Sequence[Taken],
    signers: Sequence[NewSigner],
    actor: Actor,
    at: datetime,
    purpose: str = "",
    external_reference: str = "",
    language: str = "fr",
    expires_at: datetime | None = None,
) -> Created:
    """The part of `create_envelope` that writes rows, in one transaction, which may be a part of the caller's.

    Raises `ValidationError` and `arming.NoMobile`.
    """
    texts.check_envelope(signers=signers, purpose=purpose, external_reference=external_reference)
    arming.check_policy(client, arming.reachable(signers))
    ends = expires_at or at + timedelta(days=settings.ENVELOPE_DAYS)
    with transaction.atomic():
        envelope = _opened(
            client, actor, at, ends, purpose=purpose, external_reference=external_reference, language=language
        )
        rows = [_document(envelope, n, each, actor, at) for n, each in enumerate(taken, start=1)]
        armed = [
            arming.declare(envelope, n, each, rows, actor, at)
            for n, each in enumerate(arming.reachable(signers), start=1)
        ]
        tokens = tuple(arming.hand_over_link(envelope, signer, actor, at) for signer in armed)
        bell.ring(*turns.invite_next(envelope, at=at))
    return Created(envelope, tokens)


def take_in(documents: Sequence[NewDocument], *, limits: intake.Limits) -> list[Taken]:
    """Judge all documents first, then store them all: a refusal leaves nothing behind.

    `limits`: what the client's documents are held to. Raises `intake.Refused`; `ValidationError` for more documents
    than an envelope takes.
    """
    texts.check_count(documents)
    work = Path(settings.WORK_DIR)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="intake-") as name, ThreadPoolExecutor(AT_ONCE) as pool:
        folders = (Path(name) / str(n) for n in range(len(documents)))
        taken = list(pool.map(_examined, documents, folders, repeat(limits)))
        for each in taken:
            if files.put(each.accepted.path) != each.accepted.sha256:
                raise RuntimeError("the file changed between its examination and its storage")
        return taken


def _examined(declared: NewDocument, folder: Path, limits: intake.Limits) -> Taken:
    """Judge one document in a child process; a refusal names the file."""
    declared = replace(declared, title=texts.title(declared.title), filename=texts.file_name(declared.filename))
    folder.mkdir()
    try:
        return Taken(declared, intake.examine(declared.source, workdir=folder, limits=limits))
    except intake.Refused as error:
        error.document = declared.filename
        raise


def _opened(
    client: Client,
    actor: Actor,
    at: datetime,
    expires_at: datetime,
    *,
    purpose: str,
    external_reference: str,
    language: str,
) -> Envelope:
    reference = clients.next_reference(client, year=at.year)
    journal = trail.open_trail(tenant=str(client.pk), reference=reference, at=at)
    envelope = Envelope.objects.create(
        client=client,
        trail=journal,
        reference=reference,
        external_reference=external_reference,
        purpose=names.clean(purpose),
        language=language,
        dwell_ms=client.dwell_ms,
        created_at=at,
        expires_at=expires_at,
    )
    created = events.EnvelopeCreated(
        reference=reference,
        external_reference=external_reference or None,
        client_code=client.code,
        client_name=client.name,
        operator=settings.OPERATOR["name"],
        operator_identifier=settings.OPERATOR["organization_identifier"],
        service_url=settings.PUBLIC_URL,
        software=f"Paraphe {settings.SOFTWARE_VERSION}",
        expires_at=chain.instant(envelope.expires_at),
        language=language,
        purpose=purpose or None,
        environment="sandbox" if client.is_test else None,
        conformity=conformity.stated(),
        contact_name=client.contact_name or None,
        contact_phone=client.contact_phone or None,
    )
    trail.append(journal, created, actor=actor, at=at)
    envelope.move_to(EnvelopeState.OPEN, at=at)
    return envelope


def _document(envelope: Envelope, n: int, taken: Taken, actor: Actor, at: datetime) -> Document:
    declared, accepted = taken.declared, taken.accepted
    row = Document.objects.create(
        envelope=envelope,
        n=n,
        role=declared.role,
        title=declared.title,
        sha256=accepted.sha256,
        size=accepted.size,
        page_sizes=[[page.width, page.height] for page in accepted.pages],
        repaired=accepted.repaired,
        attachments=accepted.attachments,
        checks=list(accepted.checks),
    )
    identifier = str(row.public_id)
    told: list[events.Event] = [
        events.DocumentAdded(
            document=identifier,
            n=n,
            role=arming.role_of(row),
            bytes=accepted.received_size,
            sha256=accepted.received_sha256,
            title=declared.title,
            filename=declared.filename,
        )
    ]
    if accepted.repaired:
        told.append(
            events.DocumentRepaired(
                document=identifier, received_sha256=accepted.received_sha256, sha256=accepted.sha256, means="qpdf"
            )
        )
    told.append(
        events.DocumentFrozen(
            document=identifier,
            sha256=accepted.sha256,
            sha512=accepted.sha512,
            bytes=accepted.size,
            pages=len(accepted.pages),
            checks=list(accepted.checks),
        )
    )
    trail.extend(envelope.trail, [(event, at) for event in told], actor=actor)
    return row
