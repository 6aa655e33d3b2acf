"""The chain of a trail: canonical bytes, digests and commitments. Pure: no Django, no clock, no randomness of its own.

An entry is the JSON object described in `docs/trail.md`. What is stored and hashed are its canonical bytes (RFC 8785,
without the member `digest`); `digest = SHA-256(0x00 || canonical)`, the leaf prefix of RFC 9162 section 2.1.1, so that
the digest of an entry is at the same time its leaf hash in a Merkle log. Each entry carries the digest before it.
"""

import hashlib
import json
import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785

GENESIS = "0" * 64
LEAF_PREFIX = b"\x00"
VERSION = 1
_PLACE = frozenset({"trail", "seq", "previous"})


class Broken(Exception):
    """The chain does not hold; `seq` is the first bad entry (1 is the first of a trail)."""

    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(seq, reason)  # as they were given: it also comes from processes of its own (pickle)
        self.seq = seq
        self.reason = reason

    def __str__(self) -> str:
        return f"entry {self.seq}: {self.reason}"


@dataclass(frozen=True)
class Link:
    """One stored entry as the scan reads it."""

    seq: int
    digest: str
    canonical: bytes


def instant(at: datetime) -> str:
    """`2026-11-23T20:44:51.123Z`: UTC, milliseconds, as it stands in entries and dossiers."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def uuid7(at: datetime, random: bytes) -> uuid.UUID:
    """UUID version 7 (RFC 9562 section 5.7) of an instant and ten random bytes."""
    millis = int(at.timestamp() * 1000)
    tail = int.from_bytes(random[:10], "big")
    value = millis << 80 | 0x7 << 76 | (tail >> 68) << 64 | 0b10 << 62 | tail & ((1 << 62) - 1)
    return uuid.UUID(int=value)


def commit(value: str, salt: bytes) -> str:
    """SHA-256(salt || value) in hex; the value is taken as UTF-8 of its NFC form, the salt has at least 128 bits."""
    if len(salt) < 16:  # noqa: PLR2004 - evidence.md: salt of 128 bits or more
        raise ValueError("a salt has at least 16 bytes")
    return hashlib.sha256(salt + unicodedata.normalize("NFC", value).encode()).hexdigest()


def canonical(entry: Mapping[str, Any]) -> bytes:
    """The canonical bytes (RFC 8785) of an entry without its digest."""
    return rfc8785.dumps(dict(entry))


def members(canonical_bytes: bytes) -> dict[str, Any]:
    """The entry as a dictionary, from its canonical bytes."""
    entry: dict[str, Any] = json.loads(canonical_bytes)
    return entry


def digest(canonical_bytes: bytes) -> str:
    """SHA-256(0x00 || canonical bytes) in hex."""
    return hashlib.sha256(LEAF_PREFIX + canonical_bytes).hexdigest()


def binding(
    *, reference: str, signer: Mapping[str, str], documents: list[dict[str, str]], consents: list[dict[str, str]]
) -> str:
    """The one digest that ties signer, documents and consent texts (evidence.md, Binding), in hex.

    `signer` maps field names to commitments, `documents` are `{sha256, role}` in order, `consents` `{id, sha256}`.
    """
    tied: dict[str, Any] = {"v": VERSION, "reference": reference, "signer": dict(signer)}
    tied |= {"documents": documents, "consents": consents}
    return hashlib.sha256(rfc8785.dumps(tied)).hexdigest()


def walk(links: Iterable[Link], *, trail: str) -> Iterator[dict[str, Any]]:
    """Read a trail from its first entry on and give each entry as a dictionary; raises `Broken` at the first bad one.

    Checks: sequence without gap, digest of the stored bytes, link to the entry before, the trail's own id.
    Does not check: that the tail is complete (compare with the head row), nor openings.
    """
    previous = GENESIS
    for expected, link in enumerate(links, start=1):
        if link.seq != expected:
            raise Broken(expected, f"missing: the next stored entry is {link.seq}")
        if digest(link.canonical) != link.digest:
            raise Broken(expected, "its bytes do not have the digest that is recorded")
        entry = _read(link.canonical, expected)
        if entry["previous"] != previous:
            raise Broken(expected, "it does not follow the entry before it")
        if entry["seq"] != expected or entry["trail"] != trail:
            raise Broken(expected, "its place in the trail is not the one written in it")
        previous = link.digest
        yield entry


def _read(canonical_bytes: bytes, seq: int) -> dict[str, Any]:
    try:
        entry = members(canonical_bytes)
    except ValueError as error:
        raise Broken(seq, "its bytes are no entry") from error
    if not isinstance(entry, dict) or not entry.keys() >= _PLACE:
        raise Broken(seq, "its bytes are no entry")
    return entry
