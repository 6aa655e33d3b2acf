"""The outermost frame of a PDF: from its header to its last end-of-file marker (ISO 32000-2, 7.5.2 and 7.5.5).

Works on bytes, before any parser has a say. What is cut off or wrapped in something else is found here, because a
parser that recovers from everything would not tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from signing.engine.inspection.causes import Objection
from signing.engine.refusals import Label

HEADER_WINDOW = 1024
"""Bytes in which viewers look for the header and for the end marker; more junk than that is another file."""

_HEADER = re.compile(rb"%PDF-\d\.\d")
_STARTXREF = re.compile(rb"startxref\s+\d+\s*$")
_LINEARISED = re.compile(rb"/Linearized\b[^>]{0,400}?/L\s+(\d+)")
_BLANK = b" \t\r\n\x0c\x00"


@dataclass(frozen=True)
class Frame:
    """`tight`: nothing before the header, nothing but white space after the last marker, and the marker is there."""

    tight: bool
    names_signature: bool
    names_encryption: bool


def read_frame(content: bytes) -> Frame:
    """Judge the frame of a whole file. Raises `Objection`: NOT_PDF, FOREIGN_CONTENT, TRUNCATED."""
    start = _header(content)
    body = content[start:]
    return Frame(
        tight=start == 0 and _ends_well(body),
        names_signature=b"/ByteRange" in content,
        names_encryption=b"/Encrypt" in content,
    )


def _header(content: bytes) -> int:
    found = _HEADER.search(content, 0, HEADER_WINDOW + 8)
    if found is None:
        raise Objection(Label.NOT_PDF, "no header")
    return found.start()


def _ends_well(body: bytes) -> bool:
    """Tell whether the last marker is there and is the end. Raises where the file was cut or goes on."""
    declared = _LINEARISED.search(body, 0, 2 * HEADER_WINDOW)
    if declared and int(declared[1]) > len(body) + HEADER_WINDOW:
        raise Objection(Label.TRUNCATED, f"linearised for {declared[1].decode()} bytes")
    marker = body.rfind(b"%%EOF")
    after = body[marker + 5 :].strip(_BLANK) if marker >= 0 else body
    if marker >= 0 and not after:
        return True
    if _STARTXREF.search(body[-HEADER_WINDOW:].rstrip(_BLANK + b"%EOF")):
        return False
    if marker < 0 or _is_unfinished_update(after):
        raise Objection(Label.TRUNCATED, "no end marker")
    if len(after) > HEADER_WINDOW:
        raise Objection(Label.FOREIGN_CONTENT, f"{len(after)} bytes after the end marker")
    return False


def _is_unfinished_update(after: bytes) -> bool:
    """After an end marker, objects without an end marker of their own: a later revision was cut."""
    return re.match(rb"\s*\d+\s+\d+\s+obj\b", after) is not None
