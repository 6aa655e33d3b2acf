"""An engine that does more than sign, or less: one thing is done to each file before it is signed, so that it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string

from signing.engine import fields
from signing.engine.levels import Level
from tests.evidence.verify import files
from tests.evidence.verify.files import Signed

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


def _certified(_writer: Any, _page: Any, widget: Any) -> None:
    parameters = _dictionary({"/Type": pdf_name("/TransformParams"), "/V": pdf_name("/1.2"), "/P": _number(1)})
    transform = _dictionary({"/Type": pdf_name("/SigRef"), "/TransformMethod": pdf_name("/DocMDP")})
    transform[pdf_name("/TransformParams")] = parameters
    widget.get_object()["/V"][pdf_name("/Reference")] = _array([transform])


def _of_the_page(writer: Any, page: Any, _widget: Any) -> None:
    page.get_object()[pdf_name("/AA")] = _dictionary({"/O": _script()})
    writer.mark_update(page)


def _metadata(writer: Any, _page: Any, _widget: Any) -> None:
    writer.mark_update(writer.prev.trailer.raw_get("/Info"))


def _turned_fields(writer: Any, _page: Any, _widget: Any) -> None:
    listed = _form(writer)["/Fields"]
    listed.insert(0, listed.pop())


def _turned_annotations(_writer: Any, page: Any, _widget: Any) -> None:
    listed = page.get_object()["/Annots"]
    listed.insert(0, listed.pop())


def _on_two_pages(writer: Any, page: Any, widget: Any) -> None:
    pages = writer.root["/Pages"]["/Kids"]
    every = (pages.raw_get(place) for place in range(len(pages)))
    writer.register_annotation(next(each for each in every if each.reference != page.reference), widget)


def _another_title(writer: Any, _page: Any, _widget: Any) -> None:
    writer.set_info(writer.add_object(_dictionary({"/Title": pdf_string("Another")})))


def _another_identifier(writer: Any, _page: Any, _widget: Any) -> None:
    identifiers = writer._document_id
    identifiers[0] = generic.ByteStringObject(b"another document")


def _script() -> Any:
    return _dictionary({"/S": pdf_name("/JavaScript"), "/JS": pdf_string("app.alert(1)")})


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
    "a certification": _certified,
    "a name that is taken": _widget(T=pdf_string("Paraphe-1")),
    "metadata": _metadata,
    "fields in another order": _turned_fields,
    "annotations in another order": _turned_annotations,
    "a stamp on two pages": _on_two_pages,
    "a title in another object": _another_title,
    "an identifier of another document": _another_identifier,
    "an earlier stamp that is elsewhere": moved,
    "an earlier stamp that shows something else": drawn_otherwise,
}
