"""The signatures, their time stamps, and the check that each file passed before it was handed out."""

import base64
from dataclasses import dataclass
from typing import Annotated, Literal

from evidence import events, files
from evidence.dossier.parts import Each, Instant, Part, Sha256, Text
from evidence.dossier.story import Story, instant
from evidence.trail import Read


@dataclass(frozen=True)
class Timestamp(Part):
    """An RFC 3161 token: the authority saw the digest at that time."""

    over: Annotated[Literal["signature", "document", "journal"], "what it is about"]
    time: Instant
    policy: str
    serial: str
    authority: str
    qualified: Annotated[bool, "whether the authority is qualified under Regulation (EU) 910/2014"]
    sha256: Annotated[Sha256, "digest of the token"]
    operated_by: Annotated[Literal["third_party"] | None, "absent where it is the operator's own authority"]
    entry: int | None
    text: Annotated[Text, "the token: base64 of its DER"]


@dataclass(frozen=True)
class Checked(Part):
    """The check of the signed file by other means than those that signed it."""

    at: Instant
    entry: int
    checks: tuple[Annotated[str, Each("Check")], ...]


@dataclass(frozen=True)
class Signature(Part):
    """One signature over one document."""

    document: Annotated[str, "identifier of the document"]
    at: Annotated[Instant, "when the entry was written; for the time that counts see Timestamp"]
    value_sha256: Annotated[Sha256, "digest of the signature value, which the time stamp is about"]
    level: str
    binding: Annotated[Sha256 | None, "what it ties together; absent where another service signed, which has its own"]
    entry: int
    timestamp: tuple[Timestamp, ...]
    checked: Checked | None


@dataclass(frozen=True)
class Waited(Part):
    """No token was to be had: the signature waited."""

    at: Instant
    reason: str
    entry: int


@dataclass(frozen=True)
class Signatures(Part):
    """All signatures of this signer; empty where nothing was signed."""

    signature: tuple[Signature, ...]
    waited: tuple[Waited, ...]


def signatures(story: Story) -> Signatures:
    """The signatures in the order they were made. Raises `files.Missing` where a token is no longer kept."""
    return Signatures(
        signature=tuple(_signature(story, entry, made) for entry, made in story.of(events.SignatureMade)),
        waited=tuple(Waited(e.at, t.reason, e.seq) for e, t in story.of(events.TimestampFailed)),
    )


def _signature(story: Story, entry: Read, made: events.SignatureMade) -> Signature:
    checked = next(
        (
            (e, t)
            for e, t in story.of(events.SignatureVerified)
            if (t.document, t.sha256) == (made.document, made.sha256)
        ),
        None,
    )
    return Signature(
        document=made.document,
        at=entry.at,
        value_sha256=made.signature_sha256,
        level=made.level,
        binding=made.binding,
        entry=entry.seq,
        timestamp=tuple(
            Timestamp(
                over=t.over,
                time=instant(t.time),
                policy=t.policy,
                serial=t.serial,
                authority=t.authority,
                qualified=False,
                sha256=t.token_sha256,
                operated_by=t.operated_by,
                entry=e.seq,
                text=base64.b64encode(files.read(t.token_sha256)).decode(),
            )
            for e, t in story.of(events.TimestampObtained)
            if t.document == made.document
        ),
        checked=Checked(checked[0].at, checked[0].seq, tuple(checked[1].checks)) if checked else None,
    )
