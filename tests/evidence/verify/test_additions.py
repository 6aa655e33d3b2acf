"""What a signer may add to the revision it signs on: an engine that does more, or less, is found out.

Each file is made by the product's engine with one thing done to it before it is signed: the signature itself holds.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.sign.fields import FieldMDPAction

from evidence.verify import additions
from evidence.verify.failures import NotSound
from signing.engine import fields
from signing.engine.levels import Level
from tests.evidence.verify import files
from tests.evidence.verify.files import Signed
from tests.pdfs import raw, signed

Change = Callable[[Any, Any, Any], None]
"""Of the writer, the page and the new widget, before they are written."""

_dictionary: Any = generic.DictionaryObject
_array: Any = generic.ArrayObject
_number: Any = generic.NumberObject
HONEST = fields.add


def signed_by(
    change: Change,
    monkeypatch: pytest.MonkeyPatch,
    *,
    base: bytes,
    presented: bytes | None = None,
    level: Level = Level.B,
) -> Signed:
    """Signed on `base` by an engine that does something besides in the revision of the signature."""
    waiting = [change]  # for the first field: the time stamp of the document has one, too

    def adding(writer: Any, page: Any, widget: Any) -> None:
        HONEST(writer, page, widget)
        while waiting:
            waiting.pop()(writer, page, widget)

    monkeypatch.setattr(fields, "add", adding)
    return files._sign(base, presented or files.once().presented, "Paraphe-2", level=level)


def failed(made: Signed, folder: Path, **changes: Any) -> str:
    with pytest.raises(NotSound) as failure:
        made.check(folder, **changes)
    return failure.value.check


def nothing(_writer: Any, _page: Any, _widget: Any) -> None:
    """An honest engine."""


def _form(writer: Any) -> Any:
    return writer.root["/AcroForm"]


def _first(writer: Any) -> tuple[Any, Any]:
    """The field of the first signer, and the reference to it."""
    listed = _form(writer)["/Fields"]
    return listed[0], listed.raw_get(0)


def left_out(writer: Any, _page: Any, _widget: Any) -> None:
    del _form(writer)["/Fields"][0]


def renamed(writer: Any, _page: Any, _widget: Any) -> None:
    field, reference = _first(writer)
    field[pdf_name("/T")] = pdf_string("Another")
    writer.mark_update(reference)


def emptied(writer: Any, _page: Any, _widget: Any) -> None:
    field, reference = _first(writer)
    del field["/V"]
    writer.mark_update(reference)


def moved(writer: Any, _page: Any, _widget: Any) -> None:
    field, reference = _first(writer)
    field[pdf_name("/Rect")] = _array(map(_number, (0, 0, 500, 700)))
    writer.mark_update(reference)


def drawn_otherwise(writer: Any, _page: Any, _widget: Any) -> None:
    field, _reference = _first(writer)
    form = field["/AP"].raw_get("/N")
    form.get_object()._data = b""
    form.get_object()._encoded_data = None
    writer.mark_update(form)


def _catalog(**entries: Any) -> Change:
    def change(writer: Any, _page: Any, _widget: Any) -> None:
        writer.root.update({pdf_name(f"/{name}"): value for name, value in entries.items()})
        writer.update_root()

    return change


def _widget(**entries: Any) -> Change:
    def change(_writer: Any, _page: Any, widget: Any) -> None:
        widget.get_object().update({pdf_name(f"/{name}"): value for name, value in entries.items()})

    return change


def _of_the_form(writer: Any, _page: Any, _widget: Any) -> None:
    _form(writer)[pdf_name("/NeedAppearances")] = generic.BooleanObject(True)  # type: ignore[no-untyped-call]
    writer.mark_update(writer.root.raw_get("/AcroForm"))


def _field(kind: str) -> Change:
    def change(writer: Any, page: Any, _widget: Any) -> None:
        entries = {"/FT": pdf_name(kind), "/T": pdf_string("Open"), "/Subtype": pdf_name("/Widget")}
        field = _dictionary({**entries, "/Rect": _array(map(_number, (0, 0, 9, 9)))})
        reference = writer.add_object(field)
        _form(writer)["/Fields"].append(reference)
        writer.register_annotation(page, reference)

    return change


def _of_the_page(writer: Any, page: Any, _widget: Any) -> None:
    page.get_object()[pdf_name("/AA")] = _dictionary({"/O": _script()})
    writer.mark_update(page)


def _metadata(writer: Any, _page: Any, _widget: Any) -> None:
    writer.mark_update(writer.prev.trailer.raw_get("/Info"))


def _script() -> Any:
    return _dictionary({"/S": pdf_name("/JavaScript"), "/JS": pdf_string("app.alert(1)")})


def inheriting() -> bytes:
    """A page whose box, turn and fonts are those of the tree, and texts in UTF-16 beside what is written anew."""
    page = b"/Type /Page /Parent 2 0 R /Contents 4 0 R /LastModified <FEFF0044003A0032003000320036>"
    tree = raw.TREE.replace(b" >>", b" /MediaBox [0 0 595 842] /Rotate 90 /Resources << /Font << /F1 5 0 R >> >> >>")
    objects = raw.one_page(catalog=raw.catalog(b"/Lang <FEFF00660072> /OpenAction [3 0 R /FitH null]"))
    return raw.write(objects | {2: tree, 3: b"<< " + page + b" >>"})


LOST: dict[str, Change] = {"left out": left_out, "renamed": renamed, "without its value": emptied}
MORE: dict[str, Change] = {
    "a script at opening": _catalog(OpenAction=_script()),
    "a language": _catalog(Lang=pdf_string("de")),
    "names": _catalog(Names=_dictionary({})),
    "permissions": _catalog(Perms=_dictionary({})),
    "fields drawn anew": _of_the_form,
    "a signature field that is empty": _field("/Sig"),
    "a text field": _field("/Tx"),
    "a stamp that is a link": _widget(A=_script()),
    "a stamp that runs something": _widget(AA=_dictionary({"/E": _script()})),
    "a page that runs something": _of_the_page,
    "metadata": _metadata,
    "an earlier stamp that is elsewhere": moved,
    "an earlier stamp that shows something else": drawn_otherwise,
}


@pytest.mark.parametrize("level", [Level.B, Level.LTA])
def test_an_honest_engine_adds_its_fields_and_nothing_else(
    level: Level, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "additions" in signed_by(nothing, monkeypatch, base=files.once().content, level=level).check(tmp_path)


def test_what_a_page_inherits_and_how_a_text_is_written_are_no_additions(tmp_path: Path) -> None:
    """Both stay as they were; qpdf gives pages what they inherit, and pyHanko writes texts in the shorter way."""
    assert "additions" in files.of(inheriting()).check(tmp_path, page_count=1)


@pytest.mark.parametrize("action", [FieldMDPAction.ALL, FieldMDPAction.EXCLUDE])
def test_a_signature_that_locks_fields_may_be_followed_by_ours(action: FieldMDPAction, tmp_path: Path) -> None:
    """It names the catalog, where our field is listed, as what it is about (ISO 32000-2, table 256)."""
    locked = signed.locked(action, *(["Other"] if action is FieldMDPAction.EXCLUDE else []))
    assert {"additions", "earlier_signatures"} <= set(files.of(locked).check(tmp_path, page_count=1))


def test_what_a_page_inherits_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def turned(writer: Any, _page: Any, _widget: Any) -> None:
        writer.root["/Pages"][pdf_name("/Rotate")] = _number(180)
        writer.mark_update(writer.root.raw_get("/Pages"))

    made = signed_by(turned, monkeypatch, base=inheriting(), presented=inheriting())
    assert failed(made, tmp_path, page_count=1) == "page_frame"


@pytest.mark.parametrize("change", LOST.values(), ids=LOST)
def test_a_signature_that_a_later_signer_loses_is_missed(
    change: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """signing-engine.md, Intake: earlier signatures still intact; one that is gone is not."""
    made = signed_by(change, monkeypatch, base=files.once().content)
    assert failed(made, tmp_path) in {"earlier_signatures", "additions"}


@pytest.mark.parametrize("change", MORE.values(), ids=MORE)
def test_whatever_a_signer_does_besides_is_found(
    change: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = signed_by(change, monkeypatch, base=files.once().content)
    assert failed(made, tmp_path) in {"additions", "page_frame", "page_annotations"}


def test_a_signature_on_another_revision_than_the_newest_is_not_released(tmp_path: Path) -> None:
    """On what was presented, the signature of the first signer would be lost; so would a time stamp that was cut."""
    once = files.once()
    again = files._sign(once.presented, once.presented, "Paraphe-2")
    assert failed(again, tmp_path, base=files.prefix(once.content)) == "prefix"
    cut = once.content[: sum(once.facts.byte_range[2:])]
    assert failed(files._sign(cut, once.presented, "Paraphe-2"), tmp_path, base=files.prefix(once.content)) == "prefix"


def test_a_digest_that_was_not_asked_for_is_not_released(tmp_path: Path) -> None:
    """DESIGN.md, Decisions: nothing degrades in silence."""
    assert failed(files.once(), tmp_path, digest="sha512") == "message_digest"


@pytest.mark.parametrize(
    "objects",
    [
        {5: raw.FONT},  # the same once more is not asked for either
        {2: raw.TREE},
        {6: b"<< /Type /Catalog /Pages 2 0 R >>"},
    ],
)
def test_objects_that_were_there_are_not_written_anew(objects: dict[int, bytes], tmp_path: Path) -> None:
    before = raw.write(raw.one_page(more={6: b"null"}))
    path = tmp_path / "signed.pdf"
    path.write_bytes(raw.update(before, objects))
    first = tmp_path / "first.pdf"
    first.write_bytes(before)
    with path.open("rb") as file, pikepdf.open(first) as one, pikepdf.open(path) as other:
        with pytest.raises(NotSound):
            additions.check_additions(file, one, other, since=len(before), count=0)
        assert additions.check_additions(file, other, other, since=path.stat().st_size, count=0) == ("additions",)
