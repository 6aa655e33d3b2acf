"""Revisions made beside a document: what is touched inside pyHanko fails here when it moves."""

import io
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError

from signing.engine import fields, resources, revisions
from signing.engine.revisions import Field
from tests.engine.authority import sign, stamp
from tests.pdfs import raw, sound
from tests.verification import judges, pictures

KINDS: dict[str, Callable[[], bytes]] = {
    "table": sound.contract,
    "stream": sound.object_streams,
    "linearised": sound.linearised,
    "no line end": lambda: sound.contract().rstrip(b"\n"),
}


def test_the_version_of_pyhanko_is_pinned() -> None:
    """Its inner points may move with any other version, a patch too."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert f"pyHanko=={version('pyHanko')}" in project["dependencies"]


def two(content: bytes) -> tuple[revisions.QuietWriter, list[bytes]]:
    """A visible field and an invisible one, with nothing read in between."""
    writer = revisions.begin(io.BytesIO(content))
    first = revisions.embed(writer, Field("A", "A", stamp()), {}).revision.getvalue()
    return writer, [first, revisions.embed(writer, Field("B", "B"), {}).revision.getvalue()]


@pytest.mark.parametrize("kind", KINDS)
def test_a_writer_goes_on_as_if_the_file_had_been_read_again(kind: str) -> None:
    """IncrementalPdfFileWriter._write_updated_section, _lastobj_id, _document_id, .prev.last_startxref."""
    content = KINDS[kind]()
    writer, (first, second) = two(content)
    after = PdfFileReader(io.BytesIO(content + first + second))
    assert after.total_revisions == PdfFileReader(io.BytesIO(content)).total_revisions + 2
    assert writer.prev.last_startxref == after.last_startxref
    assert writer._lastobj_id == int(after.trailer["/Size"]) - 1
    assert after.document_id[0] == writer.document_id[0]
    assert after.document_id[1] != PdfFileReader(io.BytesIO(content + first)).document_id[1]
    assert [str(each.get_object()["/T"]) for each in after.root["/AcroForm"]["/Fields"]] == ["A", "B"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_revision_is_what_pyhanko_makes_of_the_file_read_again(kind: str) -> None:
    """The same objects under the same numbers, but for the identifier of the revision, which is drawn."""
    content = KINDS[kind]()
    _, (first, second) = two(content)
    anew = revisions.begin(io.BytesIO(content + first))
    anew._lastobj_id -= 1  # where it reads a file, pyHanko leaves a number out
    again = revisions.embed(anew, Field("B", "B"), {}).revision.getvalue()
    assert _objects(second) == _objects(again)
    assert len(_objects(second)) >= 4


def _objects(revision: bytes) -> list[bytes]:
    return [each for each in revision.split(b"endobj\n")[:-1] if b"/XRef" not in each]


def test_what_is_in_the_readers_cache_is_what_it_reads() -> None:
    """PdfFileReader.resolved_objects: by generation and number."""
    reader = PdfFileReader(io.BytesIO(sound.contract()))
    other = resources.dictionary({})
    reader.resolved_objects[0, reader.root_ref.idnum] = other
    assert reader.root is other


def test_a_revision_is_written_without_info_and_metadata() -> None:
    """write_in_place() renews both before it writes: that is why it is not called."""
    file = io.BytesIO(sound.archival())
    plain = IncrementalPdfFileWriter(file)
    plain.root["/Lang"] = resources.dictionary({})
    plain.update_root()  # type: ignore[no-untyped-call]  # pyHanko's has no types
    plain.write_in_place()  # type: ignore[no-untyped-call]  # nor has this
    assert b"/Metadata" in file.getvalue()[len(sound.archival()) :]
    _, added = two(sound.archival())
    assert b"xpacket" not in b"".join(added)
    assert b"/Producer" not in b"".join(added)


@pytest.mark.parametrize("name", ["/Sig", "/Adobe.PPKLite", "/avec espace", "/Clé#1(x)", "/A/B"])
def test_a_name_is_written_as_pyhanko_writes_it(name: str) -> None:
    ours, theirs = io.BytesIO(), io.BytesIO()
    resources.Name(name).write_to_stream(ours)
    NameObject(name).write_to_stream(theirs)
    assert ours.getvalue() == theirs.getvalue()


def test_a_message_that_is_too_long_is_not_cut() -> None:
    writer = revisions.begin(io.BytesIO(sound.contract()))
    written = revisions.embed(writer, Field("A", "A"), {})
    written.fill(bytes(revisions.RESERVED // 2))
    with pytest.raises(SigningError, match="longer than the place"):
        written.fill(bytes(revisions.RESERVED // 2 + 1))


def test_what_is_covered_is_all_but_the_contents() -> None:
    content = sound.contract()
    writer = revisions.begin(io.BytesIO(content))
    written = revisions.embed(writer, Field("A", "A"), {})
    written.fill(b"\x30\x00")
    file = content + written.revision.getvalue()
    zero, before, after, rest = written.byte_range
    assert (zero, after + rest) == (0, len(file))
    assert file[before:after] == b"<3000" + b"0" * (revisions.RESERVED - 4) + b">"
    assert content + b"".join(written.covered) == file[:before] + file[after:]
    assert b"[0 %d %d %d]" % written.byte_range[1:] in file


@pytest.mark.parametrize("problem", [KeyError("/Kids"), AssertionError(), RecursionError(), ValueError("seek")])
def test_what_pyhanko_raises_on_the_way_is_one_error(problem: Exception) -> None:
    with pytest.raises(PdfReadError), revisions.reading():
        raise problem


def nested(leaves: int, fan: int) -> bytes:
    """A tree of pages some nodes deep, whose inner nodes miscount."""
    with pikepdf.open(io.BytesIO(sound.contract(leaves))) as pdf:
        nodes = [page.obj for page in pdf.pages]
        while len(nodes) > fan:
            groups = [nodes[start : start + fan] for start in range(0, len(nodes), fan)]
            nodes = [
                pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=pikepdf.Array(group), Count=1))
                for group in groups
            ]
        root = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=pikepdf.Array(nodes), Count=leaves))
        pdf.Root.Pages = root
        return sound.saved(pdf)


def test_every_page_is_found_from_either_end() -> None:
    content = nested(11, 3)
    writer = revisions.begin(io.BytesIO(content))
    found = [fields.page(writer, index) for index in range(11)]
    words = [resources.resolved(page)["/Contents"].data for page in found]
    assert len(set(words)) == 11
    flat = revisions.begin(io.BytesIO(sound.contract(11)))
    in_order = [flat.find_page_for_modification(index)[0] for index in range(11)]  # type: ignore[no-untyped-call]
    assert words == [resources.resolved(page)["/Contents"].data for page in in_order]
    assert [fields.page(writer, index - 11).reference for index in range(11)] == [page.reference for page in found]


TREES = {
    "no end": b"/Kids [2 0 R] /Count 1",
    "fewer pages": b"/Kids [3 0 R] /Count 4",
    "no page 1": b"/Kids [3 0 R] /Count 1",
    "indirect": b"/Kids [3 0 R << /Type /Page /Parent 2 0 R >>] /Count 2",
}


@pytest.mark.parametrize("cause", TREES)
def test_a_page_that_cannot_be_found_is_told(cause: str) -> None:
    content = raw.write({**raw.one_page(), 2: b"<< /Type /Pages %s >>" % TREES[cause]})
    writer = revisions.begin(io.BytesIO(content))
    with pytest.raises(SigningError, match=cause):
        fields.page(writer, 0 if cause == "no end" else 1)


FORMS = ("in the catalogue", "apart", "fields apart", "both apart", "without fields")


@pytest.mark.parametrize("kind", FORMS)
def test_the_form_is_extended_wherever_it_is(kind: str, tmp_path: Path) -> None:
    """Only what changed is written again: the object that holds it."""
    with pikepdf.open(io.BytesIO(sound.contract(1))) as pdf:
        array = pdf.make_indirect(pikepdf.Array([]))
        forms = {
            "in the catalogue": pikepdf.Dictionary(Fields=pikepdf.Array([])),
            "apart": pdf.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array([]))),
            "fields apart": pikepdf.Dictionary(Fields=array, SigFlags=3),
            "both apart": pdf.make_indirect(pikepdf.Dictionary(Fields=array)),
            "without fields": pikepdf.Dictionary(DA=pikepdf.String("/Helv 0 Tf 0 g")),
        }
        pdf.Root.AcroForm = forms[kind]
        source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
        source.write_bytes(sound.saved(pdf))
    sign(source, target)
    judges.qpdf_check(target)
    with pikepdf.open(target) as pdf:
        assert [str(each.T) for each in pdf.Root.AcroForm.Fields.as_list()] == ["Paraphe-1", "Paraphe-1-archive"]
        assert int(pdf.Root.AcroForm.SigFlags) == 3
        assert len(pdf.pages[0].Annots.as_list()) == 2


@pytest.mark.parametrize("entries", [b"/Rotate 90.0", b"/Rotate 90. /Annots [<< /Subtype /Link /Rect [0 0 9 9] >>]"])
def test_a_real_number_of_a_page_that_is_written_again_stays_one(entries: bytes, tmp_path: Path) -> None:
    """Some readers turn a page by whole numbers alone: as 90 the page would be seen turned."""
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    source.write_bytes(raw.write(raw.one_page(page=entries)))
    sign(source, target, stamp=None)
    assert b"/Rotate 90.0" in target.read_bytes()[source.stat().st_size :]
    assert pictures.drawn(target) == pictures.drawn(source)
