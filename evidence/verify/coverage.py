"""Which bytes of a file a signature covers (ISO 32000-2, 12.8.1), read without any signing library.

A signature that is to be believed has one gap, that gap is exactly the hexadecimal string of its `/Contents`, it
starts at the first byte of the file and ends where a revision ends, or the file. Anything else leaves room for what
nobody signed.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, BinaryIO

import pikepdf
from django.utils.translation import gettext

from evidence.verify.failures import NotSound

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_CHUNK = 1024 * 1024
_DEEPEST = 32
_WHITE = b" \t\r\n\x0c\x00"
_TAIL = 64
"""Bytes before the end of a revision in which its marker and line end stand."""


@dataclass(frozen=True)
class Embedded:
    """A signature or document time stamp as it stands in a file: `contents` is the CMS with its padding.

    `certificate`: DER of the first in `/Cert`, which only forms without a CMS have. `reason`, `date`: as the file says
    them.
    """

    field: str
    is_timestamp: bool
    byte_range: tuple[int, ...]
    contents: bytes
    sub_filter: str = ""
    certificate: bytes = b""
    reason: str = ""
    date: str = ""

    @property
    def end(self) -> int:
        """Offset just after the last byte covered."""
        return self.byte_range[2] + self.byte_range[3] if len(self.byte_range) == 4 else 0  # noqa: PLR2004 two pairs


def signatures_of(pdf: pikepdf.Pdf) -> list[Embedded]:
    """Give all signatures and document time stamps of an open file, in the order of what they cover."""
    signed = [each for each in fields_of(pdf) if isinstance(each[1].get("/V"), pikepdf.Dictionary)]
    found = [read(name, field) for name, field in signed]
    return sorted(found, key=lambda each: each.end)


def check_coverage(file: BinaryIO, embedded: Embedded, *, size: int) -> None:
    """Check the rules above on the bytes of the file. Raises `NotSound` (byte_range, contents, revision_end)."""
    if len(embedded.byte_range) != 4 or embedded.byte_range[0] != 0:  # noqa: PLR2004 two pairs
        raise NotSound(
            "byte_range", gettext("La plage signée n’est pas faite de deux parties commençant au premier octet.")
        )
    _, first, second, rest = embedded.byte_range
    if not 0 < first < second <= second + rest <= size:
        raise NotSound("byte_range", gettext("La plage signée sort du fichier ou se chevauche."))
    if _between(file, first, second).lower() != _hexadecimal(embedded.contents):  # both cases of digits are legal
        raise NotSound("contents", gettext("La partie non signée n’est pas exactement la signature elle-même."))
    tail = _between(file, max(second, embedded.end - _TAIL), embedded.end)
    if embedded.end < size and not tail.rstrip(_WHITE).endswith(b"%%EOF"):
        raise NotSound("revision_end", gettext("La signature ne va pas jusqu’à la fin de sa révision."))


class Digests:
    """Digests of one file by several algorithms at once: it is read once where they are asked for from its start on.

    `algorithms`: names of hashlib, SHA-256 besides.
    """

    def __init__(self, file: BinaryIO, algorithms: Iterable[str]) -> None:
        self._file = file
        self._kept = [(0, {name: hashlib.new(name) for name in {"sha256", *algorithms}})]

    def of_prefix(self, length: int) -> str:
        """SHA-256 of the first `length` bytes, lower-case hex."""
        return self._until(length)["sha256"].hexdigest()

    def of_covered(self, embedded: Embedded, algorithm: str) -> bytes:
        """Digest what a signature covers, once `check_coverage` has found nothing."""
        _, first, second, rest = embedded.byte_range
        states = self._until(first)
        if algorithm not in states:
            return digest(self._file, embedded, algorithm)
        state = states[algorithm].copy()
        _feed(self._file, second, rest, [state])
        return state.digest()

    def _until(self, length: int) -> dict[str, hashlib._Hash]:
        """Hash on from the nearest place before that was asked for."""
        at, before = max((each for each in self._kept if each[0] <= length), key=itemgetter(0))
        states = {name: state.copy() for name, state in before.items()}
        _feed(self._file, at, length - at, states.values())
        self._kept.append((length, states))
        return states


def digest(file: BinaryIO, embedded: Embedded, algorithm: str) -> bytes:
    """Digest what is covered, in pieces. `algorithm`: a name of hashlib."""
    engine = hashlib.new(algorithm)
    _, first, second, rest = embedded.byte_range
    for start, length in ((0, first), (second, rest)):
        _feed(file, start, length, [engine])
    return engine.digest()


def prefix_digest(file: BinaryIO, length: int) -> str:
    """SHA-256 of the first `length` bytes, lower-case hex."""
    engine = hashlib.sha256()
    _feed(file, 0, length, [engine])
    return engine.hexdigest()


def _feed(file: BinaryIO, start: int, length: int, engines: Collection[hashlib._Hash]) -> None:
    """Read a part of a file once, in pieces, for all engines."""
    file.seek(start)
    while length and (piece := file.read(min(_CHUNK, length))):
        for engine in engines:
            engine.update(piece)
        length -= len(piece)


def _between(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(end - start)


def _hexadecimal(contents: bytes) -> bytes:
    return b"<" + contents.hex().encode("ascii") + b">"


def read(name: str, field: pikepdf.Object) -> Embedded:
    """Read the signature in a field that has a value."""
    value = field["/V"]
    ranges, contents = value.get("/ByteRange"), value.get("/Contents")
    return Embedded(
        field=name,
        is_timestamp=value.get("/Type") == "/DocTimeStamp" or value.get("/SubFilter") == "/ETSI.RFC3161",
        byte_range=_numbers(ranges),
        contents=bytes(contents) if isinstance(contents, pikepdf.String) else b"",
        sub_filter=text(value.get("/SubFilter", "")),
        certificate=_certificate(value.get("/Cert")),
        reason=text(value.get("/Reason", "")),
        date=text(value.get("/M", "")),
    )


def text(value: object) -> str:
    """A name or a text as it reads; empty where its octets are of no encoding."""
    try:
        return str(value)
    except UnicodeDecodeError:
        return ""


def _certificate(named: object) -> bytes:
    first = next(iter(named), None) if isinstance(named, pikepdf.Array) else named
    return bytes(first) if isinstance(first, pikepdf.String) else b""


def _numbers(ranges: object) -> tuple[int, ...]:
    """The numbers of an array; none where it is no array, or holds anything else."""
    numbers = list(ranges) if isinstance(ranges, pikepdf.Array) else []
    if not all(isinstance(number, int | Decimal) for number in numbers):
        return ()
    return tuple(map(int, numbers))


def fields_of(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """Give the signature fields that the form lists, with their full names; types are inherited (12.7.4.1)."""
    form = pdf.Root.get("/AcroForm")
    roots = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    pending: deque[tuple[str, object, pikepdf.Object, int]] = deque(("", None, field, 0) for field in _array(roots))
    while pending:
        above, inherited, field, depth = pending.popleft()
        if not isinstance(field, pikepdf.Dictionary) or depth > _DEEPEST:
            continue
        name = ".".join(filter(None, (above, text(field.get("/T", "")))))
        kind = field.get("/FT", inherited)
        pending.extend((name, kind, kid, depth + 1) for kid in _array(field.get("/Kids")))
        if kind == "/Sig":
            yield name, field


def _array(value: object) -> list[pikepdf.Object]:
    return list(value) if isinstance(value, pikepdf.Array) else []
