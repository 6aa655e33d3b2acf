"""Revisions of a file that is encrypted, and that anybody opens, whose trailers have it opened in another way."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.pdfs import active, raw, signed

_ENCRYPT = re.compile(rb"/Encrypt \d+ 0 R")
_IDENTIFIERS = re.compile(rb"/ID \[ ?(<[0-9a-f]+>) ?(<[0-9a-f]+>) ?\]", re.IGNORECASE)


def encrypted(*, packed: bool = False) -> bytes:
    """Encrypted without a password, and signed by somebody. `packed`: with streams of objects."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(active.encrypted(packed=packed)))
    writer.encrypt("")
    return signed.sign_in(writer)


def saved(before: bytes, *, encrypt: bytes | None = None, first: bytes | None = None, identified: bool = True) -> bytes:
    """A revision with one new object; what is not said otherwise is as it was, but the second identifier."""
    told, identifiers = _ENCRYPT.findall(before)[-1], _IDENTIFIERS.findall(before)[-1]
    trailer = told if encrypt is None else encrypt
    if identified:
        trailer += b" /ID [%s <%s>] " % (first or identifiers[0], b"0f" * 16)
    size = int(re.findall(rb"/Size (\d+)", before)[-1])
    root = int(re.findall(rb"/Root (\d+) 0 R", before)[-1])
    return raw.update(before, {size: b"null"}, root=root, trailer=trailer + b" ")


OTHERWISE: dict[str, Callable[[bytes], bytes]] = {
    "not encrypted": lambda before: saved(before, encrypt=b""),
    "encrypted by nothing": lambda before: saved(before, encrypt=b"/Encrypt null"),
    "neither encrypted nor identified": lambda before: saved(before, encrypt=b"", identified=False),
    "another first identifier": lambda before: saved(before, first=b"<%s>" % (b"f0" * 16)),
    "no identifier": lambda before: saved(before, identified=False),
    "not encrypted for one revision": lambda before: saved(saved(before, encrypt=b"")),
}
