"""The documents: what was frozen, what was shown and read page by page, what was signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from evidence import events
from evidence.dossier.parts import Each, Instant, Part, Sha256, Sha512
from evidence.dossier.story import Contradiction, Story, Value, given
from evidence.trail import Read


@dataclass(frozen=True)
class Page(Part):
    """One page as the server judged it read."""

    n: int
    read_at: Instant
    method: Annotated[
        Literal["displayed", "declared", "image"], "displayed on screen, declared by a button, or shown as a picture"
    ]
    dwell_ms: Annotated[int, "milliseconds it was seen"]
    coverage_percent: Annotated[int, "share of its cells that were on screen"]
    entry: int


@dataclass(frozen=True)
class Repair(Part):
    """The file that came could not be signed as it was; it was rewritten before anybody saw it."""

    received_sha256: Annotated[Sha256, "digest of the file as it came"]
    means: str
    entry: int


@dataclass(frozen=True)
class Signed(Part):
    """The signed file; its first `prefixLength` bytes are the presented file."""

    sha256: Sha256
    bytes: int
    presented_sha256: Annotated[Sha256, "digest of its first prefixLength bytes"]
    prefix_length: int
    byte_range: Annotated[tuple[int, ...], "ByteRange of the signature: offset, length, offset, length"]
    field: Annotated[str, "name of the signature field"]
    level: Annotated[str, "baseline level, EN 319 142-1"]
    entry: int
    earlier_entries: Annotated[tuple[int, ...], "entries of the signatures that others had put into this file before"]


@dataclass(frozen=True)
class Document(Part):
    """One PDF of the envelope. Digests and length are those of the bytes that were shown."""

    id: str
    n: int
    role: Literal["to_sign", "for_information"]
    bytes: int
    pages: int
    sha256: Sha256
    sha512: Sha512
    added_entry: int
    frozen_entry: int
    presented_entries: Annotated[tuple[int, ...], "entries in which these bytes were sent to the signer"]
    read_at: Annotated[Instant | None, "when every page had been read"]
    read_entry: int | None
    title: Value
    filename: Value
    checks: Annotated[tuple[Annotated[str, Each("Check")], ...], "what intake checked before it was frozen"]
    repair: Repair | None
    page: tuple[Page, ...]
    signed: Signed | None

    @property
    def pages_read(self) -> int:
        return len(self.page)


@dataclass(frozen=True)
class Documents(Part):
    """All documents of the envelope, in their order."""

    minimum_dwell_ms: Annotated[int | None, "how long each page had to be seen"]
    minimum_coverage_percent: Annotated[int | None, "how much of each page had to be seen"]
    document: tuple[Document, ...]
    moved_entries: Annotated[tuple[int, ...], "entries in which reading went on in another browser"] = ()

    def by_id(self, wanted: str) -> Document:
        """The document that the journal calls so; raises `Contradiction`."""
        found = next((each for each in self.document if each.id == wanted), None)
        if found is None:
            raise Contradiction("an entry names a document that the envelope does not have")
        return found


def documents(story: Story) -> Documents:
    """What the trail says of each document, for this signer."""
    armed = story.last(events.PathArmed)
    added = sorted(story.of(events.DocumentAdded), key=lambda each: each[1].n)
    found = tuple(_document(story, entry, told) for entry, told in added)
    if armed:
        _check_bound(found, armed[1])
    return Documents(
        minimum_dwell_ms=armed[1].dwell_ms if armed else None,
        minimum_coverage_percent=armed[1].coverage_percent if armed else None,
        document=found,
        moved_entries=tuple(entry.seq for entry, _ in story.of(events.ReadingMoved)),
    )


def _check_bound(found: Iterable[Document], armed: events.PathArmed) -> None:
    """The documents that the path was armed with are the frozen ones, in this order."""
    frozen = [(each.sha256, each.role) for each in found]
    if frozen != [(each.sha256, each.role) for each in armed.documents]:
        raise Contradiction("the path was armed with other documents than those frozen")


def _document(story: Story, entry: Read, added: events.DocumentAdded) -> Document:
    wanted = added.document
    frozen = next(((e, t) for e, t in story.of(events.DocumentFrozen) if t.document == wanted), None)
    if frozen is None:
        raise Contradiction(f"document {added.n} was never frozen")
    done = next(((e, t) for e, t in story.of(events.DocumentRead) if t.document == wanted), None)
    presented = [e.seq for e, t in story.of(events.DocumentPresented) if t.document == wanted]
    return Document(
        id=wanted,
        n=added.n,
        role=added.role,
        bytes=frozen[1].bytes,
        pages=frozen[1].pages,
        sha256=frozen[1].sha256,
        sha512=frozen[1].sha512,
        added_entry=entry.seq,
        frozen_entry=frozen[0].seq,
        presented_entries=tuple(presented),
        read_at=done[0].at if done else None,
        read_entry=done[0].seq if done else None,
        title=given(entry, "title"),
        filename=given(entry, "filename"),
        checks=tuple(frozen[1].checks),
        repair=_repair(story, wanted),
        page=_pages(story, wanted),
        signed=_signed(story, wanted, frozen[1]),
    )


def _repair(story: Story, wanted: str) -> Repair | None:
    found = next(((e, t) for e, t in story.of(events.DocumentRepaired) if t.document == wanted), None)
    return Repair(found[1].received_sha256, found[1].means, found[0].seq) if found else None


def _pages(story: Story, wanted: str) -> tuple[Page, ...]:
    read = {
        told.page: Page(told.page, entry.at, told.method, told.dwell_ms, told.coverage_percent, entry.seq)
        for entry, told in story.of(events.PageRead)
        if told.document == wanted
    }
    return tuple(read[n] for n in sorted(read))


def _signed(story: Story, wanted: str, frozen: events.DocumentFrozen) -> Signed | None:
    found = next(((e, t) for e, t in story.of(events.SignatureMade) if t.document == wanted), None)
    if found is None:
        return None
    entry, made = found
    if (made.presented_sha256, made.prefix_length) != (frozen.sha256, frozen.bytes):
        raise Contradiction("the signed file does not start with the document that was presented")
    return Signed(
        sha256=made.sha256,
        bytes=made.bytes,
        presented_sha256=made.presented_sha256,
        prefix_length=made.prefix_length,
        byte_range=tuple(made.byte_range),
        field=made.field,
        level=made.level,
        entry=entry.seq,
        earlier_entries=_earlier(story, wanted, entry),
    )


def _earlier(story: Story, wanted: str, own: Read) -> tuple[int, ...]:
    """Where other signers signed this document before: in the order of the trail, without anything of theirs."""
    return tuple(
        each.seq
        for each in story.entries
        if each.kind == events.SignatureMade.kind
        and each.seq < own.seq
        and story.scope(each) == "other"
        and each.data["document"] == wanted
    )
