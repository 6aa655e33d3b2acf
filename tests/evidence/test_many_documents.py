"""Page one of the dossier of many documents: it is for the four conditions, and names a few documents."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.dossier import conditions, pdf, xml
from tests.evidence import trails
from tests.evidence.test_pdf import text_of, written

pytestmark = pytest.mark.django_db


def test_of_many_documents_page_one_still_answers_the_four_conditions(tmp_path: Path) -> None:
    """evidence.md, Dossier 3: it names a few and says how many others; nothing in the margin is over another."""
    told = xml.read(written(trails.signed()))
    many = (told.documents.document * 10)[:20]
    cited = tuple(
        replace(each, entries=tuple(range(1, 150, 3))) if each.name == "link" else each
        for each in told.summary.condition
    )
    told = replace(
        told, documents=replace(told.documents, document=many), summary=replace(told.summary, condition=cited)
    )
    (tmp_path / "dossier.pdf").write_bytes(pdf._laid_out(told, digest="0" * 64, zone=pdf.ZONE).write_pdf())
    page_one = text_of((tmp_path / "dossier.pdf").read_bytes(), tmp_path, last_page=1)
    assert page_one.count("SHA-256") == 3 + 1  # and the one at the foot
    assert "Et 17 autres documents : titres et empreintes au chapitre 2." in page_one
    assert [title for title in map(str, conditions.TITLES.values()) if title not in page_one] == []
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", tmp_path / "dossier.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    words = [
        tuple(map(float, each))
        for each in re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)"', boxes)
    ]
    margin = [each for each in words if each[2] < 140]
    assert len(margin) > 60
    for n, (left, top, right, bottom) in enumerate(margin):
        for other in margin[n + 1 :]:
            apart = other[0] >= right or other[2] <= left or other[1] >= bottom - 2 or other[3] <= top + 2
            assert apart, (left, top, other)


def test_of_thirty_documents_page_one_says_too_what_is_not_established(tmp_path: Path) -> None:
    """As a path has them that signs 25 of 30: every signature is cited under its own number."""
    told = xml.read(written(trails.signed(channel="sms")))
    cited = (*range(2, 62), 63, 196, 203, 204, *range(208, 329, 5))
    conditions_of = tuple(
        replace(each, entries=cited) if each.name == "link" else each for each in told.summary.condition
    )
    told = replace(
        told,
        documents=replace(told.documents, document=(told.documents.document * 15)[:30]),
        summary=replace(told.summary, condition=conditions_of),
    )
    made = pdf._laid_out(told, digest="0" * 64, zone=pdf.ZONE).write_pdf()
    page_one = text_of(made, tmp_path, last_page=1)
    assert "Ce que ce dossier n’établit pas" in page_one
    assert "l’horodatage vient de l’exploitant." in page_one  # the last of its lines
