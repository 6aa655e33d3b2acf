"""Objects of a PDF, read in the one way in which no two readers differ (ISO 32000-2, 7.3), by no PDF library.

Readers forgive, and each forgives something else: what one repairs, another leaves out, and a file shows two texts.
Here nothing is forgiven. What is read is legal and plain; what is not need not be wrong, but says nothing for sure.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

Content = bytes | mmap.mmap
"""A whole file; nothing of it is copied but what is asked for."""

_DEEPEST = 100
_LARGEST = 2**63 - 1
_BLANK = re.compile(rb"(?:[\x00\t\n\x0c\r ]++|%[^\r\n]*+)*+")
_SIGNPOSTS = re.compile(rb"startxref|trailer|xref|%%EOF|obj\b|stream\b")
_TOKEN = re.compile(
    rb"(?P<mark><<|>>|[\[\]])"
    rb"|/(?P<name>[^\x00\t\n\x0c\r ()<>\[\]{}/%]*+)"
    rb"|(?P<number>[+-]?(?:\d++(?:\.\d*+)?|\.\d++))(?=[\x00\t\n\x0c\r ()<>\[\]/%]|\Z)"
    rb"|<(?P<hex>[0-9A-Fa-f\x00\t\n\x0c\r ]*+)>"
    rb"|(?P<text>\()"
    rb"|(?P<word>true|false|null|R)(?=[\x00\t\n\x0c\r ()<>\[\]/%]|\Z)"
)
_TEXT = re.compile(rb"(?:[^()\\]++|\\[\s\S])*+")
_ESCAPE = re.compile(rb"#(..?)?", re.DOTALL)
_HEADER = re.compile(rb"(\d{1,10})[\x00\t\n\x0c\r ]++(\d{1,5})[\x00\t\n\x0c\r ]++obj(?=[\x00\t\n\x0c\r ()<>\[\]/%])")
_STREAM = re.compile(rb"stream(?:\r\n|\n)")
_END_OF_STREAM = re.compile(rb"[\x00\t\n\x0c\r ]{0,2}endstream(?=[\x00\t\n\x0c\r ])")
_WORDS = {b"true": True, b"false": False, b"null": None}


class NotCanonical(Exception):
    """Readers may differ on what stands at `at`, the offset of a byte."""

    def __init__(self, at: int, what: str) -> None:
        super().__init__(f"{what} at {at}")
        self.at = at


class Name(bytes):
    """A name without its slash, its escapes read."""


class Reference(NamedTuple):
    number: int
    generation: int


@dataclass(frozen=True)
class Body:
    """An object as it stands in a file: `value` without what its stream holds, which begins at `begin`."""

    number: int
    generation: int
    value: Any
    start: int
    end: int
    begin: int = 0
    length: int | None = None


def blank(content: Content, at: int) -> int:
    """The offset after white space and comments. Comments that look like a part of the file are not canonical."""
    found = _BLANK.match(content, at)
    end = found.end() if found else at
    if b"%" in content[at:end] and (sign := _SIGNPOSTS.search(content, at, end)):
        raise NotCanonical(sign.start(), "a comment that is none for everybody")
    return end


def read_value(content: Content, at: int) -> tuple[Any, int]:
    """The value that begins at `at`: int, float, bytes, `Name`, `Reference`, list, dict by name, bool or None."""
    around: list[tuple[bytes, list[Any]]] = []
    held: list[Any] = []
    while True:
        at = blank(content, at)
        found = _TOKEN.match(content, at)
        if found is None:
            raise NotCanonical(at, "no value")
        begin, at = at, found.end()
        if found["mark"] in {b"<<", b"["}:
            around.append((found["mark"], held))
            held = []
            if len(around) > _DEEPEST:
                raise NotCanonical(begin, "too deep")
            continue
        if found["mark"]:
            held = _closed(found["mark"], around, held, begin)
        elif found["word"] == b"R":
            held[-2:] = [_reference(held[-2:], begin)]
        elif found["text"]:
            at = _end_of_text(content, at)
            held.append(bytes(content[begin:at]))
        else:
            held.append(_simple(found, begin))
        if not around:
            return _whole(content, held[0], at)


def _whole(content: Content, value: Any, at: int) -> tuple[Any, int]:
    """A number that stands alone may be the beginning of a reference."""
    if type(value) is int and (found := _REFERENCE.match(content, at)):
        return _reference([value, int(found[1])], at), found.end()
    return value, at


_REFERENCE = re.compile(rb"[\x00\t\n\x0c\r ]++(\d{1,5})[\x00\t\n\x0c\r ]++R(?=[\x00\t\n\x0c\r ()<>\[\]/%])")


def _closed(mark: bytes, around: list[tuple[bytes, list[Any]]], held: list[Any], at: int) -> list[Any]:
    opened, above = around.pop() if around else (b"", [])
    if (opened, mark) == (b"[", b"]"):
        return [*above, held]
    if (opened, mark) != (b"<<", b">>") or len(held) % 2:
        raise NotCanonical(at, "what is closed is not what was opened")
    names, values = held[::2], held[1::2]
    if not all(isinstance(each, Name) for each in names) or len(set(names)) != len(names):
        raise NotCanonical(at, "a dictionary with a name twice, or without one")
    return [*above, dict(zip(names, values, strict=True))]


def _reference(parts: list[Any], at: int) -> Reference:
    if len(parts) != 2 or any(type(each) is not int or each < 0 for each in parts):  # noqa: PLR2004 number, generation
        raise NotCanonical(at, "a reference without numbers")
    return Reference(*parts)


def _simple(found: re.Match[bytes], at: int) -> Any:
    if found["name"] is not None:
        return _name(found["name"], at)
    if found["hex"] is not None:
        return b"<" + found["hex"] + b">"
    if found["word"]:
        return _WORDS[found["word"]]
    number = found["number"]
    if b"." in number or number.startswith(b"+"):
        return float(number)
    if abs(int(number[:20])) > _LARGEST or len(number) > 20:  # noqa: PLR2004 digits of the largest, and a sign
        raise NotCanonical(at, "a number that no reader holds")
    return int(number)


def _name(raw: bytes, at: int) -> Name:
    def escaped(found: re.Match[bytes]) -> bytes:
        try:
            byte = bytes.fromhex((found[1] or b"").decode("ascii"))
        except ValueError:
            byte = b""
        if len(byte) != 1 or byte == b"\0":
            raise NotCanonical(at, "a name with an escape that is none")
        return byte

    return Name(_ESCAPE.sub(escaped, raw))


def _end_of_text(content: Content, at: int) -> int:
    depth = 1
    while depth:
        found = _TEXT.match(content, at)
        at = found.end() if found else at
        if at >= len(content):
            raise NotCanonical(at, "a string without an end")
        depth += 1 if content[at : at + 1] == b"(" else -1
        at += 1
    return at


def header_at(content: Content, at: int) -> Reference | None:
    """Number and generation of the object that begins exactly at `at`; None where none does."""
    found = _HEADER.match(content, at)
    return Reference(int(found[1]), int(found[2])) if found else None


def read_object(content: Content, at: int, length_of: Callable[[Reference], int | None]) -> Body:
    """The object that begins at `at`, up to its end. `length_of`: gives the length that a stream has elsewhere."""
    found = _HEADER.match(content, at)
    if found is None:
        raise NotCanonical(at, "no object")
    value, after = read_value(content, found.end())
    after = blank(content, after)
    begin, length = 0, None
    if opened := _STREAM.match(content, after):
        begin, length = opened.end(), _length(value, length_of, after)
        closed = _END_OF_STREAM.match(content, begin + length)
        if closed is None:
            raise NotCanonical(begin, "a stream that does not end where it says")
        after = blank(content, closed.end())
    if content[after : after + 6] != b"endobj":
        raise NotCanonical(after, "an object without an end")
    return Body(int(found[1]), int(found[2]), value, at, after + 6, begin, length)


def _length(value: Any, length_of: Callable[[Reference], int | None], at: int) -> int:
    length = value.get(b"Length") if isinstance(value, dict) else None
    if isinstance(length, Reference):
        length = length_of(length)
    if type(length) is not int or length < 0:
        raise NotCanonical(at, "a stream without a length")
    return length
