"""Ways to objects are all that pyHanko finds, and are found however long the chains are and however many they are."""

from __future__ import annotations

import importlib.util
import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import PdfFileReader, RawPdfPath
from pyhanko.sign.diff_analysis.rules_api import RelativeContext

from evidence.verify import held, usages, ways
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


def walked(content: bytes) -> Any:
    resolver: Any = PdfFileReader(io.BytesIO(content), strict=False).get_historical_resolver(0)
    resolver._load_reverse_xref_cache()
    return resolver


def streams_of_sections(resolver: Any) -> list[int]:
    return [each.idnum for each in resolver.reader.xrefs.object_streams_used_in(0)]


def ways_to(resolver: Any, number: int) -> set[Any]:
    return set(resolver._get_usages_of_ref(Reference(number, 0, resolver)))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_ways_are_pyhankos_and_those_that_lead_back(name: str) -> None:
    content = DOCUMENTS[name]()  # type: ignore[no-untyped-call]
    resolver = walked(content)
    found = {number: ways_to(resolver, number) for number in range(1, resolver.trailer_view["/Size"])}
    theirs = {number: paths for (number, _generation), paths in pyhankos(content).items()}
    assert all(paths <= {way.path for way in found[number]} for number, paths in theirs.items())
    assert {each for each in found if found[each]} - theirs.keys() <= set(streams_of_sections(resolver))
    ways_to_each = (way for each in found.values() for way in each)
    for way in (way for way in ways_to_each if way.path[0] not in {"/ObjStm", "/XRef"}):
        relative, plain = (
            RelativeContext.relative_to(resolver.trailer_view, one) for one in (way, RawPdfPath(*way.path))
        )
        assert relative == plain
        assert (way == RawPdfPath(*way.path), hash(way) == hash(RawPdfPath(*way.path))) == (True, True)


def test_a_long_table_of_contents_is_no_alteration(tmp_path: Path) -> None:
    """PyHanko's own walk is deeper than the interpreter's stack there."""
    content = raw.outlined(1200)
    with pytest.raises(RecursionError):
        pyhankos(content)
    assert examine(tmp_path, files.of(content).content).verdict == Verdict.VALID


def counted(monkeypatch: pytest.MonkeyPatch, place: Any, name: str) -> list[Any]:
    """What is called by that name from now on, and with what."""
    calls: list[Any] = []
    kept = getattr(place, name)

    def call(*asked: Any) -> Any:
        calls.append(asked)
        return kept(*asked)

    monkeypatch.setattr(place, name, call)
    return calls


@pytest.mark.parametrize("size", [500, 1000])
def test_the_work_grows_as_the_file_does(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice an entry, and no way of the thousands to the page that is signed is spelt out."""
    entered: list[int] = []
    spelt: list[int] = []
    made, spell = ways.Way.__init__, ways.Way.spelt

    def enter(way: Any, *asked: Any) -> None:
        entered.append(1)
        made(way, *asked)

    def spell_counted(way: Any) -> Any:
        spelt.append(way.length)
        return spell(way)

    monkeypatch.setattr(ways.Way, "__init__", enter)
    monkeypatch.setattr(ways.Way, "spelt", spell_counted)
    resolver = walked(raw.outlined(size))
    found = ways_to(resolver, 3)
    contexts = {RelativeContext.relative_to(resolver.trailer_view, way) for way in found}
    assert (len(found), len(contexts)) == (2 * size + 1, size + 1)
    assert len(entered) < 2 * size + 20
    assert sum(spelt) < 1000 * ways._LONGEST


CROWDED = {
    "from many places": (b"/A [6 0 R 6 0 R 6 0 R 6 0 R 6 0 R 6 0 R]", {6: b"<< /Held 7 0 R >>", 7: b"<< /Of 8 0 R >>"}),
    "and from itself": (
        b"/Z 8 0 R /A [6 0 R 6 0 R 6 0 R 6 0 R 6 0 R 6 0 R]",
        {6: b"<< /Held 7 0 R >>", 7: b"<< /Of 8 0 R >>", 8: b"<< /Back 6 0 R >>"},
    ),
}


@pytest.mark.parametrize("name", CROWDED)
def test_ways_that_were_not_followed_are_ways_that_no_rule_allows(name: str) -> None:
    """Who approves of an object by its path has then looked at one of many."""
    entries, more = CROWDED[name]
    document = raw.write(raw.one_page(catalog=raw.catalog(entries), more={8: b"<< /Of true >>"} | more))
    resolver = walked(document)
    found = ways_to(resolver, 8)
    left = {way for way in found if way not in {RawPdfPath(*each.path) for each in found}}
    assert len(left) == 1
    context = RelativeContext.relative_to(resolver.trailer_view, left.pop())
    assert (context.anchor.idnum, context.relative_path.path) == (7, ("/Of",))  # type: ignore[attr-defined]


def test_what_leads_back_to_an_object_leads_to_it() -> None:
    """A catalog may be something else, too, in what it leads to; nothing is entered twice on one way for that."""
    more = {6: b"<< /Held 7 0 R >>", 7: b"<< /Root 1 0 R >>"}
    document = raw.write(raw.one_page(catalog=raw.catalog(b"/A 6 0 R"), more=more))
    assert ways_to(walked(document), 1) == {RawPdfPath("/Root"), RawPdfPath("/Root", "/A", "/Held", "/Root")}


def test_nothing_is_entered_that_leads_to_nothing_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty pages share twenty fonts; what is signed changes the first page and the catalog."""
    content = signed.sign(files.of(raw.shared_fonts(pages=50, fonts=20)).content)
    reader = PdfFileReader(io.BytesIO(content))
    entered = counted(monkeypatch, ways.Way, "__init__")
    resolver: Any = reader.get_historical_resolver(1)
    resolver._load_reverse_xref_cache()
    assert ways_to(resolver, 3) >= {RawPdfPath("/Root", "/Pages", "/Kids", 0)}
    assert len(entered) < 20
    assert len(ways_to(resolver, 10)) == 50  # a font, for which nobody asks


def test_an_object_that_stays_as_it_is_is_read_once_for_all_revisions(monkeypatch: pytest.MonkeyPatch) -> None:
    content = signed.sign(signed.sign(files.of(raw.shared_fonts(pages=50, fonts=20)).content), field="Second")
    reader = PdfFileReader(io.BytesIO(content))
    read = counted(monkeypatch, held, "references")
    begun = [0]
    for revision in range(reader.xrefs.total_revisions - 1):
        resolver: Any = reader.get_historical_resolver(revision)
        resolver._load_reverse_xref_cache()
        assert ways_to(resolver, 3)
        begun.append(len(read))
    first, *later = (after - before for before, after in pairwise(begun))
    assert first > 50
    assert max(later) < 50  # their own objects


REFERRED = st.lists(st.lists(st.integers(1, 12), max_size=4), min_size=7, max_size=7)


@given(REFERRED, st.sets(st.integers(1, 12), min_size=1))
def test_ways_are_the_same_whatever_else_is_asked_for(referred: list[list[int]], asked: set[int]) -> None:
    more = {
        number: b"<< /H [%s] >>" % b" ".join(b"%d 0 R" % each for each in named)
        for number, named in enumerate(referred, 6)
    }
    resolver = walked(raw.write(raw.one_page(catalog=raw.catalog(b"/A 6 0 R /B [7 0 R 6 0 R 6 0 R]"), more=more)))
    some, every = usages._Graph(resolver, asked), usages._Graph(resolver, range(100))
    for number in asked:
        assert described(some.ways_to(number)) == described(every.ways_to(number))


def described(found: Any) -> list[Any]:
    """Ways in an order, with whether each is one that no rule allows."""
    return sorted((repr(way.path), way == RawPdfPath(*way.path)) for way in found)


def test_what_a_stream_of_objects_itself_names_is_reached() -> None:
    """A reader looks up the parameters of its filter before it has one object of it."""
    more = {8: b"<< /Columns 1 >>"}
    content = raw.write_packed(raw.one_page(more=more), {9: b"<< >>"}, entries=b"/DecodeParms 8 0 R")
    resolver = walked(content)
    assert [way.path for way in ways_to(resolver, 8)] == [("/ObjStm", 10, "/DecodeParms")]
