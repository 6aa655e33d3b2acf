"""Entries of an envelope, its documents and its signers."""

from typing import ClassVar, Literal

from evidence.events.event import (
    BoundConsent,
    BoundDocument,
    CodeChannel,
    Conformity,
    Event,
    Hex64,
    Language,
    OptionalPersonal,
    Personal,
    Role,
)


class EnvelopeCreated(Event):
    """`path_held_by` client: a bare order, whose pages, reading and consent are the client's own.

    `conformity`: what the operator states for its services and for those that it calls; absent where it states nothing.

    `environment` sandbox: a trial; its signatures say TEST and are worth nothing.
    """

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
    path_held_by: Literal["client"] | None = None
    environment: Literal["sandbox"] | None = None
    conformity: list[Conformity] | None = None
    purpose: OptionalPersonal = None
    contact_name: OptionalPersonal = None
    contact_phone: OptionalPersonal = None


class DocumentAdded(Event):
    """`keywords`, a JSON list, and `archives`: what the client asks of the archive.

    No `archives`: it asks for no deposit of this document; an empty list: for one, wherever the operator deposits.
    """

    kind: ClassVar[str] = "document.added"
    document: str
    n: int
    role: Role
    bytes: int
    sha256: Hex64
    title: Personal
    filename: Personal
    keywords: OptionalPersonal = None
    archives: list[str] | None = None


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
    language: Language | None = None
    turn: int | None = None


ExtrinsicType = Literal[
    "proof_folder",
    "proof_file",
    "IDCARD",
    "PASSPORT",
    "DRIVING",
    "RESIDENCE",
    "identity_document",
    "payment",
    "three_d_secure",
    "login",
    "capacity",
]


class ExtrinsicAdded(Event):
    """A proof from outside that the client adds: files by digest, or something by its number or reference.

    `name`: of a file in a proof folder, as its ZIP has it. Nobody here checked any of it.
    """

    kind: ClassVar[str] = "extrinsic.added"
    signer: str
    type: ExtrinsicType
    sha256: Hex64 | None = None
    bytes: int | None = None
    number: OptionalPersonal = None
    name: OptionalPersonal = None


class SignerInvited(Event):
    """It is this signer's turn: everybody of the earlier turns has signed."""

    kind: ClassVar[str] = "signer.invited"
    signer: str
    turn: int


class PathQuarantined(Event):
    kind: ClassVar[str] = "path.quarantined"
    signer: str
    attempts: int


class PathResumed(Event):
    kind: ClassVar[str] = "path.resumed"
    signer: str


class PathArmed(Event):
    kind: ClassVar[str] = "path.armed"
    signer: str
    binding: Hex64
    documents: list[BoundDocument]
    consents: list[BoundConsent]
    code_channel: CodeChannel
    independent_channel: bool
    dwell_ms: int
    coverage_percent: int
    expires_at: str
