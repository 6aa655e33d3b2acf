"""Declaring signers and arming their paths: binding, consents, a link for whoever created the envelope."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from evidence import chain, events, files, trail
from evidence.models import Entry
from evidence.trail import Actor
from otp import caps, numbers
from signing import access
from signing.clients import consents, mentions, terms
from signing.clients.consents import ConsentText
from signing.clients.models import Client
from signing.engine import names
from signing.models import AccessLink, CodeChannel, Document, Envelope, Signer, SignerConsent
from signing.reading import COVERAGE_PERCENT


@dataclass(frozen=True)
class Declared:
    """Something that the client knows of a person from elsewhere, by its number or reference; nobody here checks it."""

    type: events.ExtrinsicType
    number: str


@dataclass(frozen=True)
class NewSigner:
    """A person as the client declared them; the row will have the names as `names.clean` gives them."""

    first_name: str
    last_name: str
    email: str
    mobile: str = ""
    language: events.Language = "fr"
    turn: int = 1
    code_channel: CodeChannel = CodeChannel.EMAIL
    extrinsic: tuple[Declared, ...] = ()


class NoMobile(ValueError):
    """This signer is to get a code by SMS, and has no number that one can be sent to."""

    def __init__(self, signer: NewSigner) -> None:
        super().__init__(signer.mobile)
        self.signer = signer


def reachable(signers: Sequence[NewSigner]) -> list[NewSigner]:
    """The same signers, the numbers that codes go to in E.164; raises `NoMobile` for the first that has none.

    A land line is none. Whether the client's policy lets a code go there: `check_policy`.
    """
    return [_reachable(each) for each in signers]


def _reachable(signer: NewSigner) -> NewSigner:
    if signer.code_channel != CodeChannel.SMS:
        return signer
    try:
        mobile = numbers.international(signer.mobile)
    except numbers.NotInternational as error:
        raise NoMobile(signer) from error
    if not numbers.takes_sms(mobile):
        raise NoMobile(signer)
    return replace(signer, mobile=mobile)


class Forbidden(ValidationError):
    """The client's policy lets no code go to this signer in the way that was chosen."""


def check_policy(client: Client, signers: Sequence[NewSigner]) -> None:
    """See that a code may go to every signer (`signers` as `reachable` gives them). Raises `Forbidden`."""
    for each in signers:
        if each.code_channel != CodeChannel.NONE:
            _check_policy(client, each)


def _check_policy(client: Client, signer: NewSigner) -> None:
    by_sms = signer.code_channel == CodeChannel.SMS
    contact = signer.mobile if by_sms else signer.email
    try:
        caps.check(policy=client.policy, channel=signer.code_channel.value, contact=contact)
    except caps.NotAllowed as error:
        told = {
            "way": _("%(name)s : la politique de code de %(client)s ne permet pas cette voie pour le code."),
            "kind": _("%(name)s : ce numéro ne reçoit pas de SMS, ou fait payer qui lui écrit."),
            "country": _("%(name)s : la politique de code de %(client)s n’envoie de SMS que vers %(countries)s."),
        }[str(error)]
        name = f"{signer.first_name} {signer.last_name}".strip()
        countries = ", ".join(numbers.countries(client.policy.countries))
        raise Forbidden(told, params={"name": name, "client": client.name, "countries": countries}) from error


def check_statements(client: Client, signers: Sequence[NewSigner], *, at: datetime) -> None:
    """See that every signer can be asked for consent in their language. Raises `NoStatement` and `NoTerms`."""
    for language in {each.language for each in signers}:
        rows = consents.statements(client, language=language)
        if any(row.names_terms for row in rows):
            terms.in_force(language, at=at)


def declare(
    envelope: Envelope, n: int, declared: NewSigner, documents: list[Document], actor: Actor, at: datetime
) -> Signer:
    signer = Signer.objects.create(
        envelope=envelope,
        n=n,
        first_name=names.clean(declared.first_name),
        last_name=names.clean(declared.last_name),
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
    for each in declared.extrinsic:
        told = events.ExtrinsicAdded(signer=str(signer.public_id), type=each.type, number=each.number)
        trail.append(envelope.trail, told, actor=actor, at=at)
    _arm(envelope, signer, documents, entry, at)
    return signer


def _arm(envelope: Envelope, signer: Signer, documents: list[Document], declared: Entry, at: datetime) -> None:
    """Fix what this signer will be asked, and the one digest that ties it together."""
    asked = [
        _consent(envelope, signer, statement, at)
        for statement in consents.statements(envelope.client, language=signer.language)
    ]
    bound = [events.BoundDocument(sha256=each.sha256, role=role_of(each)) for each in documents]
    agreed = [each.bound() for each in asked]
    binding = chain.binding(
        reference=envelope.reference,
        signer=trail.commitments(declared, "first_name", "last_name", "email", "mobile"),
        documents=[each.model_dump(mode="json") for each in bound],
        consents=[{"id": each.id, "sha256": each.sha256} for each in agreed],
    )
    signer.binding = binding
    signer.save(update_fields=["binding"])
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


def _consent(envelope: Envelope, signer: Signer, statement: ConsentText, at: datetime) -> SignerConsent:
    """One statement, with the terms in force where it names them; the bytes of both are kept. Raises `NoTerms`.

    What is kept and digested are the words with the mention that is asked for: the binding ties it too.
    """
    text = consents.wording(statement, client=envelope.client)
    words = mentions.asked(text, statement.mention, language=statement.language)
    files.put_bytes(words.encode())
    named = terms.in_force(signer.language, at=at) if statement.names_terms else None
    if named is not None:
        files.put_bytes(named.content)
    return SignerConsent.objects.create(
        signer=signer,
        key=statement.key,
        version=statement.version,
        language=statement.language,
        position=statement.position,
        text=text,
        sha256=consents.digest_of(words),
        mention=statement.mention,
        terms=named,
    )


def hand_over_link(envelope: Envelope, signer: Signer, actor: Actor, at: datetime) -> str:
    """Make a link for whoever created the envelope, besides those that are sent; gives its token."""
    token = access.new_link(signer=signer, means=AccessLink.Means.PRINTED, at=at)
    created = events.LinkCreated(signer=str(signer.public_id), means="printed")
    trail.append(envelope.trail, created, actor=actor, at=at)
    return token


def role_of(document: Document) -> events.Role:
    return "to_sign" if document.role == Document.Role.TO_SIGN else "for_information"
