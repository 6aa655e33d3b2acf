"""Declaring signers, arming their paths (binding, consents) and inviting them."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from evidence import bell, chain, events, files, trail
from evidence.models import Entry
from evidence.trail import Actor
from otp import messages
from otp.models import Channel
from signing import access
from signing.clients import models as clients
from signing.models import AccessLink, CodeChannel, Document, Envelope, Signer, SignerConsent
from signing.reading import COVERAGE_PERCENT
from signing.states import SignerState


@dataclass(frozen=True)
class NewSigner:
    """A person as the client declared them."""

    first_name: str
    last_name: str
    email: str
    mobile: str = ""
    language: events.Language = "fr"
    turn: int = 1
    code_channel: CodeChannel = CodeChannel.EMAIL


def declare(
    envelope: Envelope, n: int, declared: NewSigner, documents: list[Document], actor: Actor, at: datetime
) -> Signer:
    signer = Signer.objects.create(
        envelope=envelope,
        n=n,
        first_name=declared.first_name,
        last_name=declared.last_name,
        email=declared.email,
        mobile=declared.mobile,
        language=declared.language,
        turn=declared.turn,
        code_channel=declared.code_channel,
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
        language=declared.language,
        turn=declared.turn,
    )
    entry = trail.append(envelope.trail, event, actor=actor, at=at)
    _arm(envelope, signer, documents, entry, at)
    return signer


def _arm(envelope: Envelope, signer: Signer, documents: list[Document], declared: Entry, at: datetime) -> None:
    """Fix what this signer will be asked, and the one digest that ties it together."""
    consents = [
        _consent(envelope, signer, statement)
        for statement in clients.statements(envelope.client, language=signer.language)
    ]
    bound = [events.BoundDocument(sha256=each.sha256, role=role_of(each)) for each in documents]
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
        code_channel=cast("events.CodeChannel", signer.code_channel),
        # A code mailed to the mailbox that got the link proves the mailbox once, not a second thing.
        independent_channel=signer.code_channel == CodeChannel.SMS,
        dwell_ms=envelope.dwell_ms,
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


def invite(envelope: Envelope, signer: Signer, actor: Actor, at: datetime) -> str:
    """Queue the mail with the link, and make one more link for whoever created the envelope."""
    message = messages.queue(owner=str(signer.public_id), kind="link", channel=Channel.EMAIL, at=at)
    bell.ring(bell.Next("signing.tasks.send_message", {"message_id": str(message.pk)}))
    token = access.new_link(signer=signer, means=AccessLink.Means.PRINTED, at=at)
    created = events.LinkCreated(signer=str(signer.public_id), means="printed")
    trail.append(envelope.trail, created, actor=actor, at=at)
    return token


def role_of(document: Document) -> events.Role:
    return "to_sign" if document.role == Document.Role.TO_SIGN else "for_information"
