"""Pages of a file that is about to be released: what the revision of the signature changes besides its field."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, pdf_name

from evidence.verify import pages
from evidence.verify.failures import NotSound
from signing.engine import fields, revisions
from tests.evidence.verify import files
from tests.pdfs import raw

FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 50 50]"
SEEN = b"<< /Type /Annot /Subtype /Stamp /F 4 /Rect [10 10 60 60] /AP << /N 7 0 R >> /P 3 0 R >>"
LINK = b"<< /Type /Annot /Subtype /Link /F 4 /Rect [10 10 60 60] /Dest [3 0 R /Fit] >>"
FIELD = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (S) /Rect [0 0 0 0] >>"
PAGE = b"<< " + raw.PAGE_ENTRIES + b" /Annots [6 0 R %s] >>"


def before() -> bytes:
    """A page with an annotation that has a look, which names its page, and with one that is direct."""
    more = {6: SEEN, 7: raw.stream(b"0 0 50 50 re f", FORM)}
    return raw.write(raw.one_page(page=b"/Annots [6 0 R " + LINK + b"]", more=more))


def checked(path: Path, first: bytes) -> tuple[str, ...]:
    with path.open("rb") as file, pikepdf.open(path) as pdf, pikepdf.open(io.BytesIO(first)) as before_it:
        return pages.check_pages(file, before_it, pdf, presented=len(first), count=1)


def compared(folder: Path, objects: dict[int, bytes]) -> tuple[str, ...]:
    path, first = folder / "signed.pdf", before()
    path.write_bytes(raw.update(first, objects))
    return checked(path, first)


def test_a_field_behind_the_annotations_that_were_there_is_no_change(tmp_path: Path) -> None:
    made = {3: PAGE % (LINK + b" 8 0 R"), 8: FIELD}
    assert compared(tmp_path, made) == ("page_count", "page_content", "page_frame", "page_annotations")


@pytest.mark.parametrize(
    ("objects", "check"),
    [
        ({4: raw.stream(raw.TEXT.replace(b"Contrat", b"Fraude!"))}, "page_content"),
        ({3: (PAGE % LINK).replace(b"595 842", b"595 84")}, "page_frame"),
        ({3: (PAGE % LINK).replace(b"/Type", b"/Rotate 180 /Type")}, "page_frame"),
        ({3: (PAGE % LINK).replace(b"/F1 5 0 R", b"/F1 9 0 R"), 9: raw.FONT.replace(b"Hel", b"Sym")}, "page_frame"),
        ({3: (PAGE % LINK).replace(b"/Resources", b"/Resource")}, "page_frame"),
        ({5: raw.FONT.replace(b"Helvetica", b"Symbol")}, "page_frame"),
        ({6: SEEN.replace(b"10 10", b"11 10")}, "page_annotations"),
        ({6: SEEN.replace(b"/F 4", b"/F true")}, "page_annotations"),
        ({7: raw.stream(b"0 0 50 49 re f", FORM)}, "page_annotations"),
        ({3: PAGE % b""}, "page_annotations"),
        ({3: PAGE % LINK.replace(b"10 10", b"11 10")}, "page_annotations"),
        ({3: PAGE % (b"8 0 R " + LINK), 8: FIELD}, "page_annotations"),
        ({3: PAGE % (LINK + b" 6 0 R")}, "page_annotations"),
        ({3: PAGE % (LINK + b" null")}, "page_annotations"),
    ],
)
def test_every_change_of_a_page_is_found(objects: dict[int, bytes], check: str, tmp_path: Path) -> None:
    """signing-engine.md, Intake: after signing, a check by other means than the signer."""
    with pytest.raises(NotSound) as failure:
        compared(tmp_path, objects)
    assert failure.value.check == check


def test_where_readers_may_differ_on_what_is_new_every_stream_is_read(tmp_path: Path) -> None:
    path, first = tmp_path / "signed.pdf", before()
    changed = raw.update(first, {7: raw.stream(b"0 0 50 49 re f", FORM)})
    at = changed.rindex(b"7 1\n")
    path.write_bytes(changed[:at] + changed[at : at + 24] + changed[at:])  # listed twice
    with pytest.raises(NotSound) as failure:
        checked(path, first)
    assert failure.value.check == "page_annotations"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("/MediaBox", ArrayObject(map(NumberObject, (0, 0, 10, 10)))),
        ("/Rotate", NumberObject(180)),  # type: ignore[no-untyped-call]  # pyHanko's has no types
        ("/Resources", DictionaryObject({})),  # type: ignore[no-untyped-call]  # nor has this
    ],
)
def test_a_signer_that_changes_the_page_is_found_out(
    key: str, value: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same through the engine, by an engine that does what it should not."""
    honest, presented = revisions._add_field, files.once().presented

    def changing(writer: Any, field: Any, entry: Any) -> None:
        page: Any = fields.page(writer, 0)
        page.get_object()[pdf_name(key)] = value
        writer.mark_update(page)
        honest(writer, field, entry)

    monkeypatch.setattr(revisions, "_add_field", changing)
    made = files._sign(presented, presented, "Paraphe-1")
    with pytest.raises(NotSound) as failure:
        made.check(tmp_path)
    assert failure.value.check == "page_frame"
