"""A tagged document, and what programs that tag their signature fields write into it (ISO 32000-2, 14.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string

from tests.pdfs import raw
from tests.pdfs.others import Besides

_dictionary: Any = generic.DictionaryObject
_array: Any = generic.ArrayObject
_number: Any = generic.NumberObject
_null: Any = generic.NullObject

ROOT, DOCUMENT, PARAGRAPH = 6, 7, 8
_FIELD = 1
"""The number of the new field in the tree from parts of pages to elements; 0 is the page's."""


ROLES = b"/RoleMap << /Alinea /P >>"


def document(tree: bytes = b"/ParentTree 9 0 R " + ROLES, *, tabs: bytes = b"/Tabs /S") -> bytes:
    """A page whose one text is a paragraph of its structure.

    `tree`: how its root names the tree to elements, and more; `tabs`: in which order a keyboard goes through it.
    """
    text = b"/P << /MCID 0 >> BDC\n" + raw.TEXT + b"\nEMC"
    more = {
        ROOT: b"<< /Type /StructTreeRoot /K [7 0 R] %s /ParentTreeNextKey 1 >>" % tree,
        DOCUMENT: b"<< /Type /StructElem /S /Document /P 6 0 R /K [8 0 R] >>",
        PARAGRAPH: b"<< /Type /StructElem /S /Alinea /P 7 0 R /Pg 3 0 R /K 0 /Alt (Contrat) >>",
        9: b"<< /Nums [0 10 0 R] >>",
        10: b"[8 0 R]",
    }
    catalog = raw.catalog(b"/MarkInfo << /Marked true >> /Lang (fr) /StructTreeRoot 6 0 R")
    return raw.write(
        raw.one_page(catalog=catalog, page=b"/StructParents 0 " + tabs, content=raw.stream(text), more=more)
    )


Step = Callable[[Any, Any, Any], None]
"""Something besides that is done with the writer, the new element, and the field."""


def tagging(besides: Step | None = None) -> Besides:
    """As iText: a Form behind what there was, and the whole tree anew."""

    def tag(writer: Any, field: Any) -> None:
        root, above = (writer.get_object(generic.Reference(number, 0, writer)) for number in (ROOT, DOCUMENT))
        page = writer.root["/Pages"]["/Kids"].raw_get(0)
        held = {"Type": pdf_name("/OBJR"), "Obj": _newest_field(writer), "Pg": page}
        entries = {"Type": pdf_name("/StructElem"), "S": pdf_name("/Form"), "P": _to(DOCUMENT, writer), "Pg": page}
        element = _named(entries | {"K": _named(held)})
        added = writer.add_object(element)
        above["/K"].append(added)
        field[pdf_name("/StructParent")] = _number(_FIELD)
        _enter(writer, root, added)
        root.setdefault(pdf_name("/RoleMap"), _named({}))
        page.get_object()[pdf_name("/Tabs")] = pdf_name("/S")
        root[pdf_name("/ParentTreeNextKey")] = _number(_FIELD + 1)
        if besides:
            besides(writer, element, field)
        for each in (root, above):
            writer.update_container(each)

    return tag


def _enter(writer: Any, root: Any, added: Any) -> None:
    listed = writer.add_object(_array(list(root["/ParentTree"]["/Nums"][1])))
    leaf = {"Nums": _array([_number(0), listed, _number(_FIELD), added]), "Limits": _array([_number(0), _number(1)])}
    root[pdf_name("/ParentTree")] = writer.add_object(_named({"Kids": _array([writer.add_object(_named(leaf))])}))


def _named(entries: dict[str, Any]) -> Any:
    return _dictionary({pdf_name(f"/{key}"): value for key, value in entries.items()})


def _to(number: int, writer: Any) -> Any:
    made: Any = generic.IndirectObject
    return made(number, 0, writer)


def _newest_field(writer: Any) -> Any:
    listed = writer.root["/AcroForm"]["/Fields"]
    return listed.raw_get(len(listed) - 1)


def _with(key: str, value: Any) -> Step:
    """The new element has an entry more, or another."""
    return lambda _writer, element, _field: element.__setitem__(pdf_name(key), value)


def _to_other(number: int, key: str, value: Any) -> Step:
    """What was there says something else."""

    def change(writer: Any, _element: Any, _field: Any) -> None:
        there = writer.get_object(generic.Reference(number, 0, writer))
        there[pdf_name(key)] = value
        writer.update_container(there)

    return change


def _first(writer: Any, _element: Any, _field: Any) -> None:
    kids = writer.get_object(generic.Reference(DOCUMENT, 0, writer))["/K"]
    kids.insert(0, kids.pop())


def _alone(writer: Any, _element: Any, _field: Any) -> None:
    del writer.get_object(generic.Reference(DOCUMENT, 0, writer))["/K"][0]


def _page_of_another(writer: Any, _element: Any, _field: Any) -> None:
    leaf = writer.get_object(generic.Reference(ROOT, 0, writer))["/ParentTree"]["/Kids"][0]
    leaf["/Nums"][1] = _array([_to(DOCUMENT, writer)])


def _below_it(writer: Any, element: Any, _field: Any) -> None:
    entries = {"Type": pdf_name("/StructElem"), "S": pdf_name("/P"), "ActualText": pdf_string("Vendu")}
    element[pdf_name("/K")] = _array([element["/K"], writer.add_object(_named(entries))])


def _holds_the_page(writer: Any, element: Any, _field: Any) -> None:
    element["/K"][pdf_name("/Obj")] = writer.root["/Pages"]["/Kids"].raw_get(0)


FAULTS: dict[str, Step] = {
    "the element is a paragraph": _with("/S", pdf_name("/P")),
    "the element says a text": _with("/ActualText", pdf_string("Le prix est de mille euros.")),
    "the element has a class": _with("/C", pdf_name("/Prix")),
    "the element holds another": _below_it,
    "the element holds the page": _holds_the_page,
    "the element holds marks": _with("/K", _number(0)),
    "the element stands first": _first,
    "what was there is gone": _alone,
    "an entry leads elsewhere": _page_of_another,
    "roles are others": _to_other(ROOT, "/RoleMap", _named({"Alinea": pdf_name("/Artifact")})),
    "a text of before is another": _to_other(PARAGRAPH, "/Alt", pdf_string("Vente")),
    "what holds it says a text": _to_other(DOCUMENT, "/ActualText", pdf_string("Vente")),
    "what holds it is of another kind": _to_other(DOCUMENT, "/S", pdf_name("/Art")),
    "a keyboard goes another way": lambda writer, _element, _field: writer.root["/Pages"]["/Kids"][0].__setitem__(
        pdf_name("/Tabs"), pdf_name("/R")
    ),
    "there is no tree": _to_other(ROOT, "/ParentTree", _null()),
}
