"""What a signed file keeps of what it was: its metadata, its archival form, its form and fields."""

import io
from pathlib import Path

import pikepdf
import pytest

from tests.engine.authority import sign, stamp
from tests.pdfs import sound
from tests.verification import judges


def test_version_extensions_information_and_metadata_stay_as_they_are(source: Path, target: Path) -> None:
    """signing-engine.md, trap 5; dossier-toolchain.md, 2: pins the hooks of pyHanko's writer."""
    source.write_bytes(sound.archival())
    sign(source, target)
    with pikepdf.open(source) as before, pikepdf.open(target) as after:
        assert "/Version" not in after.Root
        assert "/Extensions" not in after.Root
        assert ("/Info" in after.trailer) == ("/Info" in before.trailer)
        assert after.Root.Metadata.read_raw_bytes() == before.Root.Metadata.read_raw_bytes()
        assert after.pdf_version == before.pdf_version
        assert after.Root.Metadata.objgen == before.Root.Metadata.objgen
    added = target.read_bytes()[source.stat().st_size :]
    assert b"/ObjStm" not in added
    assert b"/XRef" not in added


def archival(components: int | None) -> bytes:
    """A PDF/A-1 with an output intent whose profile has so many components, or none."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sound.archival())) as pdf:
        if components is not None:
            pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(b"a profile", N=components)
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("components", [None, 1, 4])
def test_in_a_pdf_a_that_does_not_say_what_its_rgb_is_the_stamp_says_it(
    source: Path, target: Path, components: int | None
) -> None:
    """ISO 19005-3, 6.2.4.3."""
    source.write_bytes(archival(components))
    sign(source, target, stamp=stamp())
    with pikepdf.open(target) as pdf:
        spaces = pdf.Root.AcroForm.Fields[0].AP.N.Resources.ColorSpace
        said = {str(name): str(space[0]) for name, space in spaces.items()}
    assert said == {"/DefaultGray": "/CalGray", "/DefaultRGB": "/CalRGB"}


@pytest.mark.parametrize("name", ["Camille Martin", "Дмитрий محمد 王小明"])
def test_the_stamp_keeps_pdf_a_1(name: str, source: Path, target: Path) -> None:
    """ISO 19005-1, 6.3.4, 6.3.5, 6.4, 6.5.3: embedded fonts with CIDSet, no transparency, printed annotations."""
    source.write_bytes(archival(3))
    sign(source, target, stamp=stamp(name=name))
    with pikepdf.open(target) as pdf:
        widget = pdf.Root.AcroForm.Fields[0]
        form = widget.AP.N
        assert int(widget.F) == int(pdf.Root.AcroForm.Fields[1].F) == 132
        assert "/Group" not in form
        assert list(form.Resources.keys()) == ["/Font"]
        for font in form.Resources.Font.as_dict().values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert len(descriptor.FontFile2.read_bytes()) == int(descriptor.FontFile2.Length1)
            count = len(font.DescendantFonts[0].W[1].as_list())
            assert int.from_bytes(descriptor.CIDSet.read_bytes()).bit_count() == count
            assert "/ToUnicode" in font
        assert list(map(float, pdf.Root.AcroForm.Fields[1].Rect.as_list())) == [-9999.0] * 4


def test_forms_keep_need_appearances_and_their_fields(source: Path, target: Path) -> None:
    """signing-engine.md, trap 4."""
    with pikepdf.open(io.BytesIO(sound.closed_form())) as pdf:
        pdf.Root.AcroForm.NeedAppearances = True
        source.write_bytes(sound.saved(pdf))
    sign(source, target)
    with pikepdf.open(target) as pdf:
        assert bool(pdf.Root.AcroForm.NeedAppearances)
        assert [str(field.T) for field in pdf.Root.AcroForm.Fields.as_list()][:2] == ["Nom", "Aide"]


def test_an_empty_signature_field_stays_empty(source: Path, target: Path) -> None:
    source.write_bytes(sound.empty_signature_field())
    sign(source, target)
    with pikepdf.open(target) as pdf:
        waiting, *ours = pdf.Root.AcroForm.Fields.as_list()
        assert (str(waiting.T), "/V" in waiting) == ("Signature", False)
        assert [str(field.T) for field in ours] == ["Paraphe-1", "Paraphe-1-archive"]


def test_no_stamp_means_an_invisible_field_with_an_empty_appearance(source: Path, target: Path) -> None:
    """ISO 19005-1, 6.9: every field has an appearance, be it of nothing; the document time stamp's too."""
    sign(source, target, stamp=None)
    with pikepdf.open(target) as pdf:
        for field in pdf.Root.AcroForm.Fields.as_list():
            assert list(field.AP.keys()) == ["/N"]
            assert list(map(float, field.AP.N.BBox.as_list())) == [0.0] * 4
            assert (field.AP.N.read_bytes(), str(field.AP.N.Subtype)) == (b"", "/Form")
            assert "/Group" not in field.AP.N
    judges.qpdf_check(target)
