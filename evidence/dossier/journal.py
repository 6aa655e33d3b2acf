"""The journal: every entry of the trail as its exact canonical line, with openings for what may be shown."""

import base64
import unicodedata
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from evidence import chain, checkpoints, notes
from evidence.dossier.parts import Each, Hex, Instant, Part, Sha256, Text
from evidence.dossier.signatures import Timestamp
from evidence.dossier.story import Story, exact
from evidence.trail import Read

Encoding = Literal["base64"]


@dataclass(frozen=True)
class Opening(Part):
    """Salt and exact value behind a commitment: SHA-256(salt followed by the value in UTF-8) is in the line."""

    field: str
    salt: Hex
    encoding: Annotated[Encoding | None, "base64 where XML cannot hold the value as it is"]
    text: Text


@dataclass(frozen=True)
class Line(Part):
    """The canonical bytes of the entry (RFC 8785), in UTF-8: what the digest is made of."""

    encoding: Annotated[Encoding | None, "base64 where XML cannot hold the line as it is"]
    text: Text


@dataclass(frozen=True)
class Entry(Part):
    """One recorded fact. digest = SHA-256(00 followed by the line); the line names the digest before it.

    The attributes repeat what the line says, for reading; the line is what counts.
    """

    seq: int
    at: Instant
    kind: str
    source: Literal["server", "client", "provider"]
    scope: Annotated[Literal["shared", "signer", "other"], "of the envelope, of this signer, of another signer"]
    digest: Sha256
    line: Line
    opening: tuple[Opening, ...]
    erased: Annotated[tuple[Annotated[str, Each("Erased")], ...], "fields whose value has been erased since"]

    @property
    def canonical(self) -> bytes:
        """What the digest is made of."""
        return exact_value(self.line.text, self.line.encoding).encode()

    @property
    def members(self) -> dict[str, Any]:
        """The entry as it was recorded."""
        return chain.members(self.canonical)

    @property
    def values(self) -> dict[str, str]:
        """The opened values by field, exact."""
        return {each.field: exact_value(each.text, each.encoding) for each in self.opening}


@dataclass(frozen=True)
class InclusionProof(Part):
    """A proof that the last entry, which cites all before it, stands in the log of all trails (C2SP tlog-proof)."""

    text: Text

    @property
    def number(self) -> int:
        """The place of the entry in that log, from 1."""
        return int(self.text.split("\n")[1].removeprefix("index ")) + 1


@dataclass(frozen=True)
class Checkpoint(Part):
    """A signed state of that log (C2SP tlog-checkpoint)."""

    text: Text

    @property
    def said(self) -> notes.Checkpoint:
        """Origin, size and root."""
        return notes.read(self.text)


@dataclass(frozen=True)
class Journal(Part):
    """All entries of the trail up to the making of the dossier, without gap."""

    last_seq: int
    head: Annotated[Sha256, "digest of the last entry"]
    entry: tuple[Entry, ...]
    inclusion_proof: tuple[InclusionProof, ...] = ()
    checkpoint: Checkpoint | None = None
    timestamp: tuple[Timestamp, ...] = ()


def journal(story: Story) -> Journal:
    """Every entry; openings only of the shared entries and of this signer's."""
    return Journal(
        last_seq=story.entries[-1].seq,
        head=story.entries[-1].digest,
        entry=tuple(_entry(story, each) for each in story.entries),
    )


def under(of: Journal, kept: checkpoints.Kept) -> Journal:
    """The same with the checkpoint of the log that its last entry is under, and so every entry before it.

    Raises `chain.Broken` where it is not.
    """
    proof = checkpoints.proof(of.head, kept)
    if proof is None:
        raise chain.Broken(of.last_seq, "the entry is not under the checkpoint of the log")
    proven = kept.proven
    token = Timestamp(
        over="journal",
        time=chain.instant(proven.time),
        policy=proven.policy,
        serial=f"{proven.serial:x}",
        authority=proven.authority,
        qualified=False,
        sha256=proven.sha256,
        operated_by="third_party" if kept.external else None,
        entry=None,
        text=base64.b64encode(kept.token).decode(),
    )
    return replace(of, inclusion_proof=(InclusionProof(proof),), checkpoint=Checkpoint(kept.note), timestamp=(token,))


def exact_value(text: str, encoding: Encoding | None) -> str:
    """The value that an opening or a line carries."""
    return base64.b64decode(text).decode() if encoding == "base64" else text


def _entry(story: Story, entry: Read) -> Entry:
    scope = story.scope(entry)
    shown = scope != "other"
    line, encoding = exact(entry.canonical.decode())
    openings = {name: entry.openings[name] for name in sorted(entry.openings)} if shown else {}
    for name, (salt, text) in openings.items():
        if chain.commit(text, salt) != entry.members["commitments"].get(name):
            raise chain.Broken(entry.seq, f"the value kept for {name} is not the one committed to")
    return Entry(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        source=entry.members["source"],
        scope=scope,
        digest=entry.digest,
        line=Line(encoding, line),
        opening=tuple(_opening(name, *openings[name]) for name in openings),
        erased=tuple(sorted(set(entry.members["commitments"]) - set(openings))) if shown else (),
    )


def _opening(name: str, salt: bytes, value: str) -> Opening:
    text, encoding = exact(unicodedata.normalize("NFC", value))
    return Opening(name, salt.hex(), encoding, text)
