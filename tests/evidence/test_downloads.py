"""Downloads in chapter 8: a few each with a line of their own, many of one file in one line with all their entries."""

import hashlib
from pathlib import Path

import pytest

from evidence import events
from evidence.dossier import downloads, pdf, xml
from tests.evidence import trails
from tests.evidence.test_pdf import text_of, written
from tests.evidence.trails import Walk


def fetch(walk: Walk, times: int, *, document: int = 0) -> list[int]:
    """The signer downloads what was presented; gives the numbers of the entries."""
    sha256 = hashlib.sha256(walk.papers[document].content).hexdigest()
    event = events.DocumentDownloaded(signer=walk.signer, document=walk.ids[document], form="presented", sha256=sha256)
    return [walk.say(event, actor=walk.actor).seq for _ in range(times)]


@pytest.mark.django_db
def test_many_downloads_of_one_file_take_one_line_and_none_is_left_out(tmp_path: Path) -> None:
    """evidence.md, Dossier 9: tables stay small; a dossier of 1 000 entries is made in 4 s."""
    walk = trails.signed()
    one, many, other = fetch(walk, 2), fetch(walk, 30, document=1), fetch(walk, 1)
    document = written(walk)
    told = downloads.fetched(xml.read(document))
    assert [each.entries for each in told] == [*((n,) for n in (*one,)), tuple(many), tuple(other)]
    text = text_of(pdf.render(document), tmp_path)
    assert text.count("Contrat de location, présenté, le") == 3
    assert text.count("Conditions générales d’utilisation, présenté, 30 fois, du") == 1
    assert f"(inscriptions {many[0]} à {many[-1]})" in text


@pytest.mark.django_db
def test_thirty_files_fetched_in_turn_stand_by_their_file() -> None:
    walk = trails.signed()
    entries = [fetch(walk, 1, document=n % 2)[0] for n in range(30)]
    first, second = downloads.fetched(xml.read(written(walk)))
    assert (first.entries, second.entries) == (tuple(entries[0::2]), tuple(entries[1::2]))
    assert (first.title.text, second.title.text) == tuple(paper.title for paper in walk.papers)
