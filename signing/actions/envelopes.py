"""Creating an envelope: intake of every PDF, bytes frozen, signers declared, paths armed, links queued."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from evidence import bell, chain, events, files, trail
from evidence.models import Entry
from evidence.trail import Actor
from otp import messages
from otp.models import Channel
from signing import access
from signing.clients import models as clients
from signing.clients.models import Client
from signing.engine import intake
from signing.models import Document, Envelope, Signer, SignerConsent
from signing.reading import COVERAGE_PERCENT
from signing.states import EnvelopeState, SignerState


@dataclass(frozen=True)
class NewDocument:
    """A PDF as the client handed it over."""

    source: Path
    title: str
    filename: str
    role: Document.Role


@dataclass(frozen=True)
class NewSigner:
    """A person as the client declared them."""

    first_name: str
    last_name: str
    email: str
    mobile: str = ""


@dataclass(frozen=True)
class Created:
    """An envelope whose paths are armed, and one link token per signer, in order, for whoever asked."""

    envelope: Envelope
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class _Taken:
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
) -> Created:
    """Take the documents in, freeze them and open a path for every signer; their links are queued as mails.

    Raises `intake.Refused` (its `document` names the file) before anything is stored.
    """
    taken = _take_in(documents)
    with transaction.atomic():
        envelope = _opened(client, actor, at, purpose=purpose, external_reference=external_reference, language=language)
        rows = [_document(envelope, n, each, actor, at) for n, each in enumerate(taken, start=1)]
        armed = [_signer(envelope, n, each, rows, actor, at) for n, each in enumerate(signers, start=1)]
        tokens = tuple(_link(envelope, signer, actor, at) for signer in armed)
    return Created(envelope, tokens)


def _take_in(documents: Sequence[NewDocument]) -> list[_Taken]:
    """Judge all documents first, then store them all: a refusal leaves nothing behind."""
    work = Path(settings.WORK_DIR)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="intake-") as name:
        taken = []
        for n, declared in enumerate(documents):
            folder = Path(name) / str(n)
            folder.mkdir()
            try:
                taken.append(_Taken(declared, intake.examine(declared.source, workdir=folder)))
            except intake.Refused as error:
                error.document = declared.filename
                raise
        for each in taken:
            if files.put(each.accepted.path) != each.accepted.sha256:
                raise RuntimeError("the file changed between its examination and its storage")
        return taken


def _opened(
    client: Client, actor: Actor, at: datetime, *, purpose: str, external_reference: str, language: str
) -> Envelope:
    reference = clients.next_reference(client, year=at.year)
    journal = trail.open_trail(tenant=str(client.pk), reference=reference, at=at)
    envelope = Envelope.objects.create(
        client=client,
        trail=journal,
        reference=reference,
        external_reference=external_reference,
        purpose=purpose,
        language=language,
        created_at=at,
        expires_at=at + timedelta(days=settings.ENVELOPE_DAYS),
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
        contact_name=client.contact_name or None,
        contact_phone=client.contact_phone or None,
    )
    trail.append(journal, created, actor=actor, at=at)
    envelope.move_to(EnvelopeState.OPEN, at=at)
    return envelope


def _document(envelope: Envelope, n: int, taken: _Taken, actor: Actor, at: datetime) -> Document:
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
    )
    identifier = str(row.public_id)
    told: list[events.Event] = [
        events.DocumentAdded(
            document=identifier,
            n=n,
            role="to_sign" if declared.role == Document.Role.TO_SIGN else "for_information",
            bytes=declared.source.stat().st_size,
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
    for event in told:
        trail.append(envelope.trail, event, actor=actor, at=at)
    return row


def _signer(
    envelope: Envelope, n: int, declared: NewSigner, documents: list[Document], actor: Actor, at: datetime
) -> Signer:
    signer = Signer.objects.create(
        envelope=envelope,
        n=n,
        first_name=declared.first_name,
        last_name=declared.last_name,
        email=declared.email,
        mobile=declared.mobile,
    )
    event = events.SignerDeclared(
        signer=str(signer.public_id),
        n=n,
        declared_by="client",
        identity_check="none",
        first_name=declared.first_name,
        last_name=declared.last_name,
        email=declared.email,
        mobile=declared.mobile or None,
    )
    entry = trail.append(envelope.trail, event, actor=actor, at=at)
    _arm(envelope, signer, documents, entry, at)
    return signer


def _arm(envelope: Envelope, signer: Signer, documents: list[Document], declared: Entry, at: datetime) -> None:
    """Fix what this signer will be asked, and the one digest that ties it together."""
    consents = [
        _consent(envelope, signer, statement)
        for statement in clients.statements(envelope.client, language=envelope.language)
    ]
    bound = [events.BoundDocument(sha256=each.sha256, role=_role(each)) for each in documents]
    agreed = [
        events.BoundConsent(id=each.key, version=each.version, language=each.language, sha256=each.sha256)
        for each in consents
    ]
    binding = chain.binding(
        reference=envelope.reference,
        signer=trail.commitments(declared, "first_name", "last_name", "email", "mobile"),
        documents=[each.model_dump(mode="json") for each in bound],
        consents=[{"id": each.id, "sha256": each.sha256} for each in agreed],
    )
    signer.move_to(SignerState.INVITED, at=at, binding=binding)
    event = events.PathArmed(
        signer=str(signer.public_id),
        binding=binding,
        documents=bound,
        consents=agreed,
        code_channel="sms" if signer.code_channel == Channel.SMS else "email",
        # A code mailed to the mailbox that got the link proves the mailbox once, not a second thing.
        independent_channel=signer.code_channel == Channel.SMS,
        dwell_ms=envelope.client.dwell_ms,
        coverage_percent=COVERAGE_PERCENT,
        expires_at=chain.instant(envelope.expires_at),
    )
    trail.append(envelope.trail, event, actor=trail.SYSTEM, at=at)


def _consent(envelope: Envelope, signer: Signer, statement: clients.ConsentText) -> SignerConsent:
    text = clients.wording(statement, client=envelope.client)
    files.put_bytes(text.encode())
    return SignerConsent.objects.create(
        signer=signer,
        key=statement.key,
        version=statement.version,
        language=statement.language,
        position=statement.position,
        text=text,
        sha256=clients.digest_of(text),
    )


def _link(envelope: Envelope, signer: Signer, actor: Actor, at: datetime) -> str:
    """Queue the mail with the link, and make one more link for whoever created the envelope."""
    message = messages.queue(owner=str(signer.public_id), kind="link", channel=Channel.EMAIL, at=at)
    bell.ring(bell.Next("signing.tasks.send_message", {"message_id": str(message.pk)}))
    token = access.new_link(signer=signer, at=at)
    created = events.LinkCreated(signer=str(signer.public_id), means="printed")
    trail.append(envelope.trail, created, actor=actor, at=at)
    return token


def _role(document: Document) -> events.Role:
    return "to_sign" if document.role == Document.Role.TO_SIGN else "for_information"
