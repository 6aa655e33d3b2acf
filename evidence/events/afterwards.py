"""Entries of what comes after the end: complaints, new time stamps, erasure."""

from typing import ClassVar, Literal

from evidence.events.event import Event, Hex64, OptionalPersonal


class ComplaintReceived(Event):
    """What a signer, or somebody for one, objects to. `n`: number of the complaint in its trail."""

    kind: ClassVar[str] = "complaint.received"
    signer: str
    n: int
    means: Literal["page", "message", "letter", "telephone"]
    text: OptionalPersonal = None


class DossierStamped(Event):
    """A new time stamp is put over a dossier and all its addenda, before the former authority's certificate ends."""

    kind: ClassVar[str] = "dossier.stamped"
    signer: str
    proven_until: str


class SealingResumed(Event):
    """The operator puts a sealing back to work that had stopped: of the dossier, or of addenda, by their numbers."""

    kind: ClassVar[str] = "sealing.resumed"
    signer: str
    dossier: bool
    addenda: list[int] | None = None


class PersonalDataErased(Event):
    """Values and salts were removed; the commitments stay. `fields`: how many values, by the name of the field.

    In an elimination also: the rule of keeping, the SHA-256 of the files that are no longer kept for this trail, and of
    the certificate.
    """

    kind: ClassVar[str] = "personal_data.erased"
    signer: str | None = None
    fields: dict[str, int]
    reason: Literal["retention", "request", "client", "test"]
    rule: str | None = None
    released: list[Hex64] | None = None
    certificate_sha256: Hex64 | None = None
