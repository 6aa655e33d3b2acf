"""Form fields that somebody could still fill in (ISO 32000-2, 12.7): only finalised documents are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf

from signing.engine.inspection.causes import Objection
from signing.engine.refusals import Label

if TYPE_CHECKING:
    from collections.abc import Iterator

_READ_ONLY = 1 << 0
_PUSH_BUTTON = 1 << 16
_DEEPEST = 64


def check_fields_are_closed(pdf: pikepdf.Pdf, pages: list[pikepdf.Object]) -> None:
    """Raise `Objection` OPEN_FORM for a field or widget that is not read-only, signature fields apart.

    Widgets on pages count even where no form lists them, since viewers let people fill those in, too.
    """
    if any(_is_open(field) for field in (*_listed(pdf), *_shown(pages))):
        raise Objection(Label.OPEN_FORM)


def count_signatures(pdf: pikepdf.Pdf, pages: list[pikepdf.Object]) -> int:
    """Give the number of signatures and document time stamps that the form lists.

    Raises `Objection` SIGNED_UNSOUND where a page shows one that is not listed (12.7.3): poppler signs so, where there
    is a form already, and merging programs leave it so; some viewers show it, and nobody could check it here.
    """
    every = list(_nodes(pdf))
    listed = {each.objgen for each in every if each.is_indirect}
    if any(_signature(each) is not None and each.objgen not in listed for each in _shown(pages)):
        raise Objection(Label.SIGNED_UNSOUND, "a signature that no form lists")
    values = [value for value in map(_signature, filter(_is_last, every)) if value is not None]
    return len({value.objgen for value in values if value.is_indirect}) + sum(not each.is_indirect for each in values)


def _signature(field: pikepdf.Object) -> pikepdf.Object | None:
    value = _inherited(field, "/V") if _inherited(field, "/FT") == "/Sig" else None
    return value if isinstance(value, pikepdf.Dictionary) else None


def _listed(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    return filter(_is_last, _nodes(pdf))


def _is_last(field: pikepdf.Object) -> bool:
    kids = field.get("/Kids")
    return not (isinstance(kids, pikepdf.Array) and len(kids))


def _nodes(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    form = pdf.Root.get("/AcroForm")
    roots = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    pending = list(roots) if isinstance(roots, pikepdf.Array) else []
    entered = set()
    while pending:
        field = pending.pop()
        if not isinstance(field, pikepdf.Dictionary) or (field.is_indirect and field.objgen in entered):
            continue
        entered.add(field.objgen)
        yield field
        if not _is_last(field):
            pending += list(field["/Kids"])


def _shown(pages: list[pikepdf.Object]) -> Iterator[pikepdf.Object]:
    for page in pages:
        annotations = page.get("/Annots")
        for item in annotations if isinstance(annotations, pikepdf.Array) else []:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Widget":
                yield item


def _is_open(field: pikepdf.Object) -> bool:
    kind, flags = _inherited(field, "/FT"), _inherited(field, "/Ff")
    bits = flags if isinstance(flags, int) else 0
    if kind is None or kind == "/Sig":
        return False
    return not bits & _READ_ONLY and not (kind == "/Btn" and bits & _PUSH_BUTTON)


def _inherited(field: pikepdf.Object, name: str) -> object:
    node: object = field
    for _ in range(_DEEPEST):
        if not isinstance(node, pikepdf.Dictionary):
            return None
        if name in node:
            return node[name]
        node = node.get("/Parent")
    return None
