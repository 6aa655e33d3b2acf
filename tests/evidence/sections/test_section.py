"""Cross-reference sections in the one reading in which no two readers differ (ISO 32000-2, 7.5.4 and 7.5.8)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.sections.section import check_sections
from evidence.sections.syntax import NotCanonical
from tests.pdfs import ambiguous, broken, looks, raw, signed, sound

SOUND: tuple[Callable[[], bytes], ...] = (
    *(sound.contract, sound.terms, sound.scanned, sound.object_streams, sound.linearised, sound.archival),
    *(sound.attachment, sound.closed_form, sound.odd_metadata, looks.annotated, signed.approved_twice),
)


@pytest.mark.parametrize("name", ambiguous.SECTIONS)
def test_a_section_that_readers_take_in_different_ways_is_told(name: str) -> None:
    before = raw.write(raw.one_page())
    assert len(check_sections(before)) == 1
    with pytest.raises(NotCanonical):
        check_sections(ambiguous.SECTIONS[name](before))


@pytest.mark.parametrize("name", ambiguous.BODIES)
def test_what_stands_beside_a_plain_section_is_not_its_matter(name: str) -> None:
    assert len(check_sections(ambiguous.BODIES[name](raw.write(raw.one_page())))) == 2


@pytest.mark.parametrize("make", SOUND)
def test_sections_of_sound_files_are_plain(make: Callable[[], bytes]) -> None:
    assert check_sections(make())


def test_a_hybrid_file_is_read_with_the_stream_beside_its_table() -> None:
    assert check_sections(broken.hybrid())[0].hybrid is not None


def test_a_section_that_leads_to_itself_comes_to_an_end() -> None:
    before = raw.write(raw.one_page())
    start = before.rindex(b"xref\n0 6")
    with pytest.raises(NotCanonical):
        check_sections(before.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start))


@pytest.mark.corpus
def test_most_files_of_the_corpus_are_plain(corpus: Path) -> None:
    """Programs of many houses, tables and streams: what is left are those that were broken on purpose."""
    plain = 0
    paths = sorted((corpus / "pdf").iterdir())
    for path in paths:
        try:
            plain += bool(check_sections(path.read_bytes()))
        except NotCanonical:
            continue
    assert plain > len(paths) / 2
