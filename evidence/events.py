"""The kinds of entries: one frozen, strict class per kind. A mistyped or unknown field does not run.

Fields marked `Personal` never enter an entry: the trail commits to them with a salt and keeps value and salt in a row
that can be erased. Everything else stands in the entry's `data`. Neither Django nor Celery here.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict


class _Mark:
    """Marks a field whose value is committed to, not chained."""


Personal = Annotated[str, _Mark()]
OptionalPersonal = Annotated[str | None, _Mark()]
Hex64 = str
ChannelName = Literal["email", "sms"]
Role = Literal["to_sign", "for_information"]
KINDS: "dict[str, type[Event]]" = {}


class Event(BaseModel):
    """What happened. Subclasses name their `kind`; `data()` and `personal()` split their fields."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    kind: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kind" in cls.__dict__:
            KINDS[cls.kind] = cls

    @classmethod
    def personal_fields(cls) -> frozenset[str]:
        """Names of the fields that are committed to."""
        return frozenset(
            name for name, field in cls.model_fields.items() if any(isinstance(mark, _Mark) for mark in field.metadata)
        )

    def data(self) -> dict[str, object]:
        """The open members of the entry; an absent optional field is left out."""
        return self.model_dump(mode="json", exclude=set(self.personal_fields()), exclude_none=True)

    def personal(self) -> dict[str, str]:
        """The values to commit to, by field name; an absent optional field is left out."""
        return self.model_dump(include=set(self.personal_fields()), exclude_none=True)


class Part(BaseModel):
    """A structured member of an event."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class BoundDocument(Part):
    sha256: Hex64
    role: Role


class BoundConsent(Part):
    id: str
    version: str
    language: str
    sha256: Hex64


# Envelope ------------------------------------------------------------------------------------------------------------
class EnvelopeCreated(Event):
    kind: ClassVar[str] = "envelope.created"
    reference: str
    external_reference: str | None = None
    client_code: str
    client_name: str
    operator: str
    operator_identifier: str
    service_url: str
    software: str
    expires_at: str
    language: str
    purpose: OptionalPersonal = None
    contact_name: OptionalPersonal = None
    contact_phone: OptionalPersonal = None


class DocumentAdded(Event):
    kind: ClassVar[str] = "document.added"
    document: str
    n: int
    role: Role
    bytes: int
    sha256: Hex64
    title: Personal
    filename: Personal


class DocumentRepaired(Event):
    kind: ClassVar[str] = "document.repaired"
    document: str
    received_sha256: Hex64
    sha256: Hex64
    means: str


class DocumentFrozen(Event):
    kind: ClassVar[str] = "document.frozen"
    document: str
    sha256: Hex64
    sha512: str
    bytes: int
    pages: int
    checks: list[str]


class SignerDeclared(Event):
    kind: ClassVar[str] = "signer.declared"
    signer: str
    n: int
    declared_by: Literal["client"]
    identity_check: Literal["none"]
    first_name: Personal
    last_name: Personal
    email: Personal
    mobile: OptionalPersonal = None


class PathArmed(Event):
    kind: ClassVar[str] = "path.armed"
    signer: str
    binding: Hex64
    documents: list[BoundDocument]
    consents: list[BoundConsent]
    code_channel: Literal["email", "sms", "none"]
    independent_channel: bool
    dwell_ms: int
    coverage_percent: int
    expires_at: str


# Access --------------------------------------------------------------------------------------------------------------
class LinkCreated(Event):
    kind: ClassVar[str] = "link.created"
    signer: str
    means: Literal["message", "printed"]


class LinkSent(Event):
    kind: ClassVar[str] = "link.sent"
    signer: str
    channel: ChannelName
    message_id: str
    n: int
    recipient: Personal
    answer: OptionalPersonal = None


class LinkBounced(Event):
    kind: ClassVar[str] = "link.bounced"
    signer: str
    channel: ChannelName
    n: int
    recipient: Personal
    answer: OptionalPersonal = None


class LinkFetched(Event):
    kind: ClassVar[str] = "link.fetched"
    signer: str


class AccessConfirmed(Event):
    kind: ClassVar[str] = "access.confirmed"
    signer: str


class AccessRefused(Event):
    kind: ClassVar[str] = "access.refused"
    signer: str
    reason: Literal["expired", "ended"]


class SessionOpened(Event):
    kind: ClassVar[str] = "session.opened"
    signer: str


class SessionResumed(Event):
    kind: ClassVar[str] = "session.resumed"
    signer: str


# Reading -------------------------------------------------------------------------------------------------------------
class DocumentPresented(Event):
    kind: ClassVar[str] = "document.presented"
    signer: str
    document: str
    sha256: Hex64
    bytes: int


class PageRead(Event):
    kind: ClassVar[str] = "page.read"
    signer: str
    document: str
    page: int
    method: Literal["displayed", "declared"]
    dwell_ms: int
    coverage_percent: int


class DocumentRead(Event):
    kind: ClassVar[str] = "document.read"
    signer: str
    document: str
    pages: int


class ReadingRefused(Event):
    kind: ClassVar[str] = "reading.refused"
    signer: str
    refused_ms: int
    reason: Literal["faster_than_time"]


# Consent -------------------------------------------------------------------------------------------------------------
class ConsentShown(Event):
    kind: ClassVar[str] = "consent.shown"
    signer: str
    consents: list[BoundConsent]


class ConsentChecked(Event):
    kind: ClassVar[str] = "consent.checked"
    signer: str
    consent: str
    version: str
    language: str
    sha256: Hex64


class ConsentUnchecked(ConsentChecked):
    kind: ClassVar[str] = "consent.unchecked"


class SignEnabled(Event):
    kind: ClassVar[str] = "sign.enabled"
    signer: str


class SignBlocked(Event):
    kind: ClassVar[str] = "sign.blocked"
    signer: str
    missing_pages: int
    missing_consents: int


class SignClicked(Event):
    kind: ClassVar[str] = "sign.clicked"
    signer: str
    label: str
    binding: Hex64


class RefusalClicked(Event):
    kind: ClassVar[str] = "refusal.clicked"
    signer: str
    choice: Literal["wrong_person", "content", "not_requested", "other"]
    reason: OptionalPersonal = None


# Code (never its value) ----------------------------------------------------------------------------------------------
class CodeIssued(Event):
    kind: ClassVar[str] = "code.issued"
    signer: str
    n: int
    channel: ChannelName
    length: int
    tries: int
    valid_until: str
    binding: Hex64
    digits: str


class CodeSent(Event):
    kind: ClassVar[str] = "code.sent"
    signer: str
    n: int
    channel: ChannelName
    message_id: str
    recipient: Personal
    answer: OptionalPersonal = None


class CodeUndelivered(Event):
    kind: ClassVar[str] = "code.undelivered"
    signer: str
    n: int
    channel: ChannelName
    final: bool
    recipient: Personal
    answer: OptionalPersonal = None


class CodeRequested(Event):
    kind: ClassVar[str] = "code.requested"
    signer: str


class CodeEntered(Event):
    kind: ClassVar[str] = "code.entered"
    signer: str
    binding: Hex64


class CodeRefused(Event):
    kind: ClassVar[str] = "code.refused"
    signer: str
    n: int
    tries_left: int


class CodeAccepted(Event):
    kind: ClassVar[str] = "code.accepted"
    signer: str
    n: int
    binding: Hex64


class CodeExpired(Event):
    kind: ClassVar[str] = "code.expired"
    signer: str
    n: int


class CodeLocked(Event):
    kind: ClassVar[str] = "code.locked"
    signer: str
    failures: int


# Certificate, key, signature -----------------------------------------------------------------------------------------
class CertificateRequested(Event):
    kind: ClassVar[str] = "certificate.requested"
    signer: str
    serial: str
    policy: str
    binding: Hex64
    subject: Personal


class KeyCreated(Event):
    kind: ClassVar[str] = "key.created"
    signer: str
    serial: str
    algorithm: str
    means: str
    spki_sha256: Hex64


class CertificateIssued(Event):
    kind: ClassVar[str] = "certificate.issued"
    signer: str
    serial: str
    sha256: Hex64
    spki_sha256: Hex64
    issuer: str
    issuer_sha256: Hex64
    root_sha256: Hex64
    policy: str
    not_before: str
    not_after: str
    certificate: Personal


class CertificateAbandoned(Event):
    kind: ClassVar[str] = "certificate.abandoned"
    signer: str
    serial: str
    reason: str


class KeyUsed(Event):
    kind: ClassVar[str] = "key.used"
    signer: str
    serial: str
    document: str
    use: int
    digest_algorithm: str


class SignatureMade(Event):
    kind: ClassVar[str] = "signature.made"
    signer: str
    document: str
    sha256: Hex64
    bytes: int
    presented_sha256: Hex64
    prefix_length: int
    byte_range: list[int]
    signature_sha256: Hex64
    field: str
    level: str
    binding: Hex64


class TimestampObtained(Event):
    kind: ClassVar[str] = "timestamp.obtained"
    signer: str
    document: str
    over: Literal["signature", "document"]
    time: str
    policy: str
    serial: str
    authority: str
    token_sha256: Hex64


class TimestampFailed(Event):
    kind: ClassVar[str] = "timestamp.failed"
    signer: str
    reason: str


class RevocationCollected(Event):
    kind: ClassVar[str] = "revocation.collected"
    signer: str
    issuer: str
    number: int
    this_update: str
    next_update: str
    sha256: Hex64


class KeyDestroyed(Event):
    kind: ClassVar[str] = "key.destroyed"
    signer: str
    serial: str
    uses: int


class SignatureVerified(Event):
    kind: ClassVar[str] = "signature.verified"
    signer: str
    document: str
    sha256: Hex64
    checks: list[str]


# Delivery, dossier, end ----------------------------------------------------------------------------------------------
class DeliveryShown(Event):
    kind: ClassVar[str] = "delivery.shown"
    signer: str


class DeliverySent(Event):
    kind: ClassVar[str] = "delivery.sent"
    signer: str
    channel: ChannelName
    message_id: str
    n: int
    content: Literal["signed", "refused"]
    recipient: Personal
    answer: OptionalPersonal = None


class DeliveryBounced(Event):
    kind: ClassVar[str] = "delivery.bounced"
    signer: str
    channel: ChannelName
    n: int
    content: Literal["signed", "refused"]
    recipient: Personal
    answer: OptionalPersonal = None


class DocumentDownloaded(Event):
    kind: ClassVar[str] = "document.downloaded"
    signer: str | None = None
    document: str
    form: Literal["presented", "signed"]
    sha256: Hex64


class EnvelopeClosed(Event):
    kind: ClassVar[str] = "envelope.closed"
    signer: str | None = None
    outcome: Literal["COMPLETED", "REFUSED", "EXPIRED", "CANCELLED", "FAILED"]


class DossierSealed(Event):
    kind: ClassVar[str] = "dossier.sealed"
    signer: str
    version: str
    last_seq: int
    xml_sha256: Hex64
    pdf_sha256: Hex64


class DossierDownloaded(Event):
    kind: ClassVar[str] = "dossier.downloaded"
    signer: str
    form: Literal["xml", "pdf"]
