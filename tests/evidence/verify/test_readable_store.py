"""A store of evidence in which something cannot be read: what can be read is evidence all the same."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet

__all__ = ["quiet"]  # a fixture


def with_more(key: str, *contents: bytes) -> bytes:
    """Our signed file, and a revision whose store has streams more in one of its lists."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(files.once().content))
    store = writer.root["/DSS"]
    added = [writer.add_object(generic.StreamObject(stream_data=each)) for each in contents]
    store[pdf_name(key)] = generic.ArrayObject([*store.get(key, []), *added])
    writer.mark_update(writer.root.raw_get("/DSS"))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("key", ["/Certs", "/CRLs", "/OCSPs"])
def test_what_cannot_be_read_takes_nothing_from_the_rest(key: str, tmp_path: Path) -> None:
    """Empty, no DER, and DER of something else: anybody can append that to a file that is valid."""
    found = examine(tmp_path, with_more(key, b"", b"-----BEGIN", b"\x30\x03\x02\x01\x01"))
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])


def test_a_store_without_anything_readable_is_no_evidence(tmp_path: Path) -> None:
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(files.stamped().content))
    store = writer.root["/DSS"]
    store[pdf_name("/CRLs")] = generic.ArrayObject([writer.add_object(generic.StreamObject(stream_data=b"none"))])
    writer.mark_update(writer.root.raw_get("/DSS"))
    out = io.BytesIO()
    writer.write(out)
    found = examine(tmp_path, out.getvalue())
    assert found.verdict is not Verdict.VALID
