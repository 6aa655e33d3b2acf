"""Names and texts as people have them, and as they should not be: dossier.xml and dossier.pdf stay sound."""

import re
import subprocess
import unicodedata
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from evidence.dossier import glyphs, pdf, xml
from tests.evidence import rental, trails
from tests.evidence.test_pdf import text_of, written

pytestmark = pytest.mark.django_db
LEFT, RIGHT = 15 / 25.4 * 72, 194 / 25.4 * 72
"""Between these lie all columns, in points: entries from 15 mm, text to 193 mm."""
MARKS = "[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
"""What pdftotext puts around a run from right to left; nothing of it is in the file."""

NAMES = [
    ("小明", "王", "小明 王"),
    ("철수", "김", "철수 김"),
    ("さくら", "山田", "さくら 山田"),
    ("محمد", "الحسن", None),
    ("Zoe\u0308 \U0001f600", "O’Bri\u0301en", "Zoë [U+1F600] O’Bríen"),
    ("x\u0302y\u0323", "Q\u0307", None),
    ("abc\u202edef", "\u2066g\u2069", "abc[U+202E]def [U+2066]g[U+2069]"),
    ("<img src=x onerror=alert(1)>", "{0} 100 % %s %(x)s", "<img src=x onerror=alert(1)> {0} 100 % %s %(x)s"),
    ("ligne\nsuivante", "tab\tulation", "ligne suivante tab ulation"),
    ("L", "N", "L N"),
    ("Maximilien-" * 27, "W" * 300, None),
    ("soh\x01", "fin\x1b", "soh[U+2401] fin[U+241B] "),
]


@pytest.mark.parametrize(("first_name", "last_name", "printed"), NAMES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_names_of_all_kinds(
    first_name: str, last_name: str, printed: str | None, language: str, tmp_path: Path
) -> None:
    """Issue 3, part 4: XML and PDF sound; read back as declared; printed in letters or numbers, within the margins."""
    title = f"{last_name[:60]} {first_name[:60]}"
    walk = trails.refused(
        first_name=first_name, last_name=last_name, language=language, papers=(rental.contract(1, title),), reason=title
    )
    document = written(walk)
    made = pdf.render(document)
    text = re.sub(MARKS, "", text_of(made, tmp_path))

    told = xml.read(document)
    for given, value in ((first_name, told.signer.first_name), (last_name, told.signer.last_name)):
        kept = next(each for each in told.journal.entry if each.seq == value.entry).values[value.field]
        assert unicodedata.normalize("NFC", given) == kept
    with pikepdf.open(BytesIO(made)) as read:
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", str(read.docinfo.Title))
    if printed:
        assert printed in text
    assert all(
        letter in text for letter in glyphs.printable(unicodedata.normalize("NFC", first_name)) if letter.isalpha()
    )
    assert within_the_margins(tmp_path / "dossier.pdf")


def test_a_contacts_name_from_right_to_left_takes_no_figure_with_it(tmp_path: Path) -> None:
    """The telephone number stands after the name, its figures in their order."""
    told = xml.read(written(trails.refused()))
    client = told.parties.client
    assert client.contact_name
    assert client.contact_phone
    contact, phone = replace(client.contact_name, text="דנה לוי"), replace(client.contact_phone, text="+972 3 555 7788")
    told = replace(
        told,
        parties=replace(told.parties, client=replace(client, contact_name=contact, contact_phone=phone)),
        transaction=replace(told.transaction, external_reference=None),  # all of it stands on one line
    )
    (tmp_path / "dossier.pdf").write_bytes(pdf._laid_out(told, digest="0" * 64, zone=pdf.ZONE).write_pdf())
    boxes = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "dossier.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    words = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" .*?>(.*?)</word>', boxes)
    (line, *_) = [float(top) for _, top, word in words if re.search("[א-ת]", word)]
    places = {re.sub(f"{MARKS}|[.,]", "", word): float(left) for left, top, word in words if abs(float(top) - line) < 3}
    last = max(left for word, left in places.items() if re.search("[א-ת]", word))
    assert last < places["+972"] < places["3"] < places["555"] < places["7788"]


def test_markup_in_a_name_is_not_markup() -> None:
    walk = trails.refused(first_name="<img src=x onerror=alert(1)>", last_name="</td></table>&amp;")

    root = etree.fromstring(written(walk))

    assert not root.xpath("//*[local-name()='img' or local-name()='td']")
    assert root.findtext(".//{*}FirstName") == "<img src=x onerror=alert(1)>"
    assert root.findtext(".//{*}LastName") == "</td></table>&amp;"


@pytest.mark.parametrize(("language", "said"), [("fr", "Caractère que ce document"), ("en", "Character that this")])
def test_a_number_in_place_of_a_character_is_explained_once(language: str, said: str, tmp_path: Path) -> None:
    strange = text_of(pdf.render(written(trails.refused(language=language, first_name="\U0001f600"))), tmp_path)
    plain = text_of(pdf.render(written(trails.refused(language=language))), tmp_path)

    assert (strange.count("[U+…]"), strange.count(said)) == (1, 1)
    assert "U+" not in plain


def within_the_margins(path: Path) -> bool:
    """Whether every word lies between the outer edges of the columns, as pdftotext measures it."""
    command = ["pdftotext", "-bbox", str(path), "-"]
    boxes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    edges = [
        (float(low), float(high))
        for low, high in re.findall(r'xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)"', boxes)
    ]
    assert edges
    return all(low >= LEFT and high <= RIGHT for low, high in edges)
