"""Entries of archiving, of keeping and of its end."""

from typing import ClassVar, Literal

from evidence.events.event import Event, Hex64, OptionalPersonal


class ArchiveDeposited(Event):
    """A package was handed to an archive. `content`: what kind of package; `subject`: of a dossier its id."""

    kind: ClassVar[str] = "archive.deposited"
    archive: str
    deposit: str
    content: str
    subject: str
    manifest_sha256: Hex64
    files: int


class ArchiveReceipt(Event):
    """The archive's receipt, kept verbatim among the files by its digest, with the seal over it where there is one."""

    kind: ClassVar[str] = "archive.receipt"
    archive: str
    deposit: str
    archive_id: str
    sha256: Hex64
    seal_sha256: Hex64 | None = None


class ArchiveFailed(Event):
    """The archive was asked in vain; `final`: it refuses, and is not asked again."""

    kind: ClassVar[str] = "archive.failed"
    archive: str
    deposit: str
    reason: str
    final: bool


class ArchiveDamaged(Event):
    """A check found copies that are no longer what was deposited; `mended`: they were written anew from a sound one."""

    kind: ClassVar[str] = "archive.damaged"
    archive: str
    deposit: str
    copies: list[int]
    mended: bool


class SheetConsulted(Event):
    """A member of the client or the operator looked at an envelope's pages of the administration.

    Or took what stands on them: an archive's receipt, the certificate of elimination.
    """

    kind: ClassVar[str] = "sheet.consulted"
    page: Literal["sheet", "journal", "dossier", "document", "receipt", "certificate", "rollup"]
    signer: str | None = None


class HoldPlaced(Event):
    """Nothing of this trail is destroyed until the hold is lifted."""

    kind: ClassVar[str] = "hold.placed"
    reason: OptionalPersonal = None


class HoldLifted(Event):
    kind: ClassVar[str] = "hold.lifted"


class EliminationRequested(Event):
    """Somebody asked for the elimination of this trail before its time; who, is the entry's actor."""

    kind: ClassVar[str] = "elimination.requested"
    reason: Literal["request", "client"]
