"""Ways to objects are those that pyHanko finds, and are found however long the chains are."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files
from tests.evidence.verify.test_report import examine, quiet
from tests.pdfs import raw, signed, sound

__all__ = ["quiet"]  # a fixture

DOCUMENTS = {
    "contract": lambda: sound.contract(3),
    "outlines, a file, a layer": sound.furnished,
    "form": sound.closed_form,
    "PDF/A, tagged": sound.archival,
    "object streams": sound.object_streams,
    "signed twice": signed.approved_twice,
    "annotations of others": signed.with_shared_annotations,
    "contents of forty entries": lambda: raw.outlined(40),
}


def pyhankos(content: bytes) -> dict[Any, Any]:
    """As pyHanko itself finds them, in a copy of its module that nobody has changed."""
    spec = importlib.util.find_spec("pyhanko.pdf_utils.reader")
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    resolver = module.PdfFileReader(io.BytesIO(content), strict=False).get_historical_resolver(0)
    resolver._load_reverse_xref_cache()
    found = resolver._indirect_object_access_cache
    return {(each.idnum, each.generation): {way.path for way in ways} for each, ways in found.items()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_ways_are_pyhankos(name: str) -> None:
    content = DOCUMENTS[name]()  # type: ignore[no-untyped-call]
    resolver: Any = PdfFileReader(io.BytesIO(content), strict=False).get_historical_resolver(0)
    resolver._load_reverse_xref_cache()
    usages = resolver._indirect_object_access_cache
    found = {(each.idnum, each.generation): {way.path for way in usages[each]} for each in usages}
    assert found == pyhankos(content)


def test_a_long_table_of_contents_is_no_alteration(tmp_path: Path) -> None:
    """PyHanko's own walk is deeper than the interpreter's stack there."""
    content = raw.outlined(1200)
    with pytest.raises(RecursionError):
        pyhankos(content)
    assert examine(tmp_path, files.of(content).content).verdict == Verdict.VALID
