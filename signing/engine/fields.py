"""Form fields and pages of a document that is being extended (ISO 32000-2, 12.7.3 and 7.7.3).

What is changed is marked by the reference that leads to it. /NeedAppearances stays as it is: without it forms would
change their look (signing-engine.md, trap 4).
"""

from collections.abc import Iterator
from itertools import islice

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.general import SigningError

from signing.engine import resources

PRINTED, LOCKED = 1 << 2, 1 << 7
"""Flags of annotations (12.5.3)."""

_SIGNED_APPEND_ONLY = 3
_DEEPEST_TREE = 64


def check_free(writer: BasePdfFileWriter, name: str) -> None:
    """Raise SigningError where a field of the form has this name, be it of text."""
    if "/AcroForm" not in writer.root or "/Fields" not in writer.root["/AcroForm"]:
        return
    for each in writer.root["/AcroForm"]["/Fields"]:
        field = resources.resolved(each)
        if isinstance(field, DictionaryObject) and "/T" in field and field["/T"] == name:
            raise SigningError(f"there is a field {name!r} already")


def add(writer: BasePdfFileWriter, page: IndirectObject, widget: IndirectObject) -> None:
    """Add a field that is its own widget to the page and to the form, which then says that it is signed.

    The page's array of annotations is of that page alone: intake saw to it.
    """
    resources.keep_reals(resources.resolved(page))
    writer.register_annotation(page, widget)  # type: ignore[no-untyped-call]  # pyHanko's has no types
    root = writer.root
    if "/AcroForm" not in root:
        root[resources.Name("/AcroForm")] = writer.add_object(resources.dictionary({"/Fields": ArrayObject()}))
        writer.update_root()  # type: ignore[no-untyped-call]  # nor has this
    form = root["/AcroForm"]
    if "/Fields" not in form:
        form[resources.Name("/Fields")] = ArrayObject()
    form["/Fields"].append(widget)
    above = root.raw_get("/AcroForm")
    mark(writer, form.raw_get("/Fields"), above)
    if "/SigFlags" not in form or form["/SigFlags"] != _SIGNED_APPEND_ONLY:
        form[resources.Name("/SigFlags")] = resources.integer(_SIGNED_APPEND_ONLY)
        mark(writer, above)


def page(writer: BasePdfFileWriter, index: int) -> IndirectObject:
    """Find the page of that index (from 0; from -1 backwards); SigningError where there is none.

    Walks from the nearer end, past every page: what inner nodes say of their number (/Count) is not relied upon.
    """
    top = writer.root.raw_get("/Pages")
    count = int(resources.resolved(top)["/Count"])
    if not -count <= index < count:
        raise SigningError(f"there is no page {index} in {count}")
    ahead = index % count
    behind = count - 1 - ahead
    pages = _pages(top, backwards=behind < ahead, depth=0)
    found = next(islice(pages, min(ahead, behind), None), None)
    if found is None:
        raise SigningError("the document has fewer pages than it says")
    return found


def _pages(node: IndirectObject, *, backwards: bool, depth: int) -> Iterator[IndirectObject]:
    if depth > _DEEPEST_TREE:
        raise SigningError("the tree of pages has no end")
    kids = resources.resolved(node)["/Kids"]
    for number in reversed(range(len(kids))) if backwards else range(len(kids)):
        kid = kids.raw_get(number)
        if not isinstance(kid, IndirectObject):
            raise SigningError("a page is an indirect object")
        if resources.resolved(kid)["/Type"] == "/Pages":
            yield from _pages(kid, backwards=backwards, depth=depth + 1)
        else:
            yield kid


def mark(writer: BasePdfFileWriter, *raw: PdfObject) -> None:
    """Have the object written that holds a value: the first reference on the way up to it, or else the catalogue."""
    reference = next((each for each in raw if isinstance(each, IndirectObject)), None)
    if reference is None:
        writer.update_root()  # type: ignore[no-untyped-call]  # pyHanko's has no types
    else:
        writer.mark_update(reference)
