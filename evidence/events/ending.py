"""Entries of delivery, dossier and end."""

from typing import ClassVar, Literal

from evidence.events.event import ChannelName, Event, Hex64, OptionalPersonal, Personal

# The first three go to the signer; the others tell the client what somebody said, or how the envelope has ended.
Content = Literal["signed", "refused", "expired", "complaint", "disowned", "stopped", "lapsed", "closed"]


class DeliveryShown(Event):
    kind: ClassVar[str] = "delivery.shown"
    signer: str


class DeliverySent(Event):
    kind: ClassVar[str] = "delivery.sent"
    signer: str
    channel: ChannelName
    message_id: str
    n: int
    content: Content
    recipient: Personal
    answer: OptionalPersonal = None


class DeliveryDelayed(Event):
    """As `LinkDelayed`, of a letter with another content."""

    kind: ClassVar[str] = "delivery.delayed"
    signer: str
    channel: ChannelName
    n: int
    attempt: int
    content: Content
    recipient: Personal
    answer: OptionalPersonal = None


class DeliveryBounced(Event):
    kind: ClassVar[str] = "delivery.bounced"
    signer: str
    channel: ChannelName
    n: int
    content: Content
    recipient: Personal
    answer: OptionalPersonal = None


class CallbackSent(Event):
    """The final statuses were posted to the integrator's address, and taken. `callback`: the id of every try."""

    kind: ClassVar[str] = "callback.sent"
    callback: str
    host: str
    attempt: int
    answer: str


class CallbackFailed(Event):
    """They were posted in vain; `retried`: there will be another try."""

    kind: ClassVar[str] = "callback.failed"
    callback: str
    host: str
    attempt: int
    answer: str
    retried: bool


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
    sealing_sha256: Hex64 | None = None
    attestation_sha256: Hex64 | None = None


class RollUpSealed(Event):
    """The sheet of an envelope of several signers, for the client: over which dossiers (their XML), and its digest."""

    kind: ClassVar[str] = "rollup.sealed"
    dossiers: list[Hex64]
    pdf_sha256: Hex64


DossierForm = Literal["xml", "pdf", "asice", "attestation"]


class DossierDownloaded(Event):
    kind: ClassVar[str] = "dossier.downloaded"
    signer: str
    form: DossierForm
