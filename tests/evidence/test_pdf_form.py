"""The form of the dossier's PDF: PDF/A-3a and PDF/UA-1, tags, fonts, files inside, black on white."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from evidence.dossier import pdf, printing, xml
from tests.evidence import trails
from tests.evidence.test_pdf import _Bare, elements, text_of, written


@cache
def signed_dossier() -> bytes:
    """One signed dossier for all the rules that only read."""
    return pdf.render(written(trails.signed()))


@pytest.fixture
def printed(db: None) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(signed_dossier())) as read:
        yield read


def test_xmp_claims_pdf_a_3a_and_pdf_ua_1(printed: pikepdf.Pdf) -> None:
    """ISO 19005-3, 6.6.4; ISO 14289-1, 5, with the extension schema that PDF/A-3, 6.6.2.3 asks for."""
    packet = etree.fromstring(printed.Root.Metadata.read_bytes())
    plain = etree.tostring(packet, encoding="unicode")

    assert printed.open_metadata().pdfa_status == "3A"
    assert 'pdfuaid:part="1"' in plain or "<pdfuaid:part>1<" in plain
    assert "http://www.aiim.org/pdfa/ns/extension/" in plain
    assert str(printed.docinfo.Title) in plain


def test_files_are_associated_once_with_type_and_relationship(printed: pikepdf.Pdf) -> None:
    """ISO 19005-3, 6.8: F, UF, AFRelationship, a MIME subtype; each in AF once, names in order."""
    names = [str(name) for name in list(printed.Root.Names.EmbeddedFiles.Names)[::2]]

    assert names == sorted(names) == ["dossier-1.0.xsd", "dossier.xml"]
    found = {str(each.UF): each for each in printed.Root.AF}
    assert len(printed.Root.AF) == 2
    assert str(found["dossier.xml"].AFRelationship) == "/Source"
    assert str(found["dossier-1.0.xsd"].AFRelationship) == "/Supplement"
    for each in found.values():
        assert "/F" in each
        assert str(each.EF.F.Subtype) == "/application/xml"
        assert "/ModDate" in each.EF.F.Params


def test_the_xml_inside_is_the_one_whose_digest_is_printed(printed: pikepdf.Pdf, tmp_path: Path) -> None:
    inside = bytes(printed.attachments["dossier.xml"].get_file().read_bytes())

    assert hashlib.sha256(inside).hexdigest() in text_of(signed_dossier(), tmp_path).replace(" ", "")


def test_the_document_is_tagged_named_and_in_french(printed: pikepdf.Pdf) -> None:
    """ISO 14289-1, 7.1 and 7.2: marked, a title that is displayed, a language, tab order by structure."""
    assert bool(printed.Root.MarkInfo.Marked)
    assert bool(printed.Root.ViewerPreferences.DisplayDocTitle)
    assert str(printed.Root.Lang) == "fr"
    assert all(str(page.get("/Tabs", "/S")) == "/S" for page in printed.pages)


def test_headings_and_tables_have_their_structure(printed: pikepdf.Pdf) -> None:
    """ISO 14289-1, 7.4.2 and 7.5: one H1, no level left out; every row header is a TH."""
    kinds = [str(each.S) for each in elements(printed.Root.StructTreeRoot)]
    headings = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)]

    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert kinds.count("/TR") == kinds.count("/TH") == kinds.count("/TD")


def test_only_bundled_fonts_embedded_and_mapped_to_unicode(printed: pikepdf.Pdf) -> None:
    """ISO 19005-3, 6.2.11: embedded, with ToUnicode and CIDToGIDMap."""
    fonts = [each for each in printed.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"]
    composite = [each for each in fonts if each.Subtype == "/Type0"]

    ours = tuple(family.replace(" ", "-") for family, _ in printing.FACES)
    assert composite
    for font in composite:
        below = font.DescendantFonts[0]
        assert "/ToUnicode" in font
        assert "/CIDToGIDMap" in below
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(below.FontDescriptor.keys())
        assert str(font.BaseFont).split("+")[1].startswith(ours)


def test_nothing_active_transparent_or_foreign(printed: pikepdf.Pdf) -> None:
    """ISO 19005-3, 6.1.3, 6.2.3, 6.5 and 6.6: not encrypted, one sRGB output intent, no scripts, no actions."""
    assert not printed.is_encrypted
    assert [str(each.S) for each in printed.Root.OutputIntents] == ["/GTS_PDFA1"]
    assert "/OpenAction" not in printed.Root
    assert "/AA" not in printed.Root
    assert "/JavaScript" not in printed.Root.Names
    for each in printed.objects:
        if isinstance(each, pikepdf.Dictionary):
            assert each.get("/S") not in ("/JavaScript", "/Launch", "/SubmitForm")
            assert float(each.get("/ca", 1)) == float(each.get("/CA", 1)) == 1.0


def test_black_on_white(printed: pikepdf.Pdf) -> None:
    """look/README: black only, no tint, survives a photocopy: rules may be grey, nothing has a colour."""
    for page in printed.pages:
        for step in pikepdf.parse_content_stream(page):
            if str(step.operator) in ("rg", "RG", "scn", "SCN", "sc", "SC") and len(step.operands) == 3:
                assert len({round(float(each), 3) for each in list(step.operands)}) == 1


def test_rendering_speaks_of_no_facts_in_its_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """reliability.md, secrets and people in logs: a refused resource may be named after a person."""
    monkeypatch.setattr(pdf, "page", lambda *_, **__: "<html lang=fr><title>x</title><img src='file:///Camille' alt=x>")
    monkeypatch.setattr(xml, "read", lambda _: _Bare())

    with pytest.raises(pdf.NotRendered) as error:
        pdf.render(b"<x/>")

    assert "Camille" not in caplog.text + str(error.value)
