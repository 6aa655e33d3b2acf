"""evidence.md, Dossier 2: a test rebuilds every fact printed from the XML; here digests, times and figures, all pages.

The XML is read by lxml and re alone: nothing of the product says what may be printed.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from evidence.dossier import pdf
from tests.evidence import trails, turns
from tests.evidence.test_declared import declared
from tests.evidence.test_pdf import text_of, written
from tests.evidence.trails import Walk

pytestmark = pytest.mark.django_db

PATHS: dict[str, Callable[[], Walk]] = {
    "signed": lambda: trails.signed(channel="sms"),
    "English": lambda: trails.signed(language="en"),
    "declared": lambda: declared("fr"),
    "second of two": turns.second,
    "refused": trails.refused,
    "locked": trails.locked,
    "expired": lambda: trails.closed("EXPIRED"),
}
FOURS = re.compile(r"\b[0-9a-f]{4}(?: [0-9a-f]{4}){15,}\b")
WHOLE = re.compile(r"\b[0-9a-f]{64}\b")
CLOCK = re.compile(r"\b\d\d:\d\d:\d\d(?:\.\d{3})?\b")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
COUNTED = re.compile(r"\b(\d{1,3}(?:[ ,]\d{3})+) (?:premiers|octets|bytes)\b")
CITED = re.compile(r"\((?:inscriptions?|entry|entries) ([\d, àto]+)\)")


@pytest.mark.parametrize("kind", PATHS)
def test_every_digest_time_and_figure_of_every_page_is_in_the_xml(kind: str, tmp_path: Path) -> None:
    document = written(PATHS[kind]())
    text = re.sub("[\u00a0\u202f]", " ", text_of(pdf.render(document), tmp_path))
    root = etree.fromstring(document)
    said = " ".join(text for each in root.iter() for text in (*each.attrib.values(), each.text or ""))

    digests = {found.replace(" ", "") for found in FOURS.findall(text)} | set(WHOLE.findall(text))
    assert len(digests) > 10
    assert digests - set(re.findall(r"\b(?:[0-9a-f]{64}|[0-9a-f]{128})\b", said)) == {
        hashlib.sha256(document).hexdigest()
    }

    instants = [datetime.fromisoformat(each) for each in INSTANT.findall(said)]
    local = {f"{each.astimezone(ZoneInfo(pdf.ZONE)):%H:%M:%S}" for each in instants}
    universal = {f"{each.astimezone(UTC):%H:%M:%S.%f}"[:-3] for each in instants}
    times = set(CLOCK.findall(text))
    assert len(times) > 10
    assert times - local - universal - {each[:8] for each in universal} == set()

    figures = {int(re.sub("[ ,]", "", found)) for found in COUNTED.findall(text)}
    assert figures
    assert figures - {int(each) for each in re.findall(r"\b\d+\b", said)} == set()

    known = {int(each.get("seq", "0")) for each in root.iter("{*}Entry")}
    cited = {int(each) for found in CITED.findall(text) for each in re.findall(r"\d+", found)}
    assert len(cited) > 4
    assert cited - known == set()
