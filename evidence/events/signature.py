"""Entries of certificate, key, signature, time stamps and their check."""

from typing import ClassVar, Literal

from evidence.events.event import Event, Hex64, OptionalPersonal, Personal


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
    """`subject` where nobody here asked for the certificate: then no other entry has it."""

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
    subject: OptionalPersonal = None


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
    """Without binding where another service signed: its signature does not carry ours."""

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
    binding: Hex64 | None = None


class TimestampObtained(Event):
    kind: ClassVar[str] = "timestamp.obtained"
    signer: str
    document: str
    over: Literal["signature", "document"]
    time: str
    policy: str
    serial: str
    authority: str
    operated_by: Literal["third_party"] | None = None
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
