"""A visible signature as PDF objects: where the widget lies on its page, and the form XObject that it shows."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NumberObject,
    PdfObject,
    StreamObject,
)
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import SigningError

from signing.engine import fields, pages, resources
from signing.engine.overlay import Overlay
from signing.engine.stamp import Stamp

# pyHanko's constructor carries no types; under this name typed code may call it.
_reference: Callable[[int, int, BasePdfFileWriter], IndirectObject] = IndirectObject

Visible = Stamp | Overlay
"""What can be seen of a signature."""

_DEEPEST_TREE = 64
_SMALL = 210 * 75.0
"""Square points that are never too much for a signature, our stamp among them."""
_PART = 0.99
"""Of what is allowed: numbers are rounded on their way."""
_RGB = 3


@dataclass(frozen=True)
class Placed:
    """Page and place of a widget, and what it shows there."""

    page: IndirectObject
    placement: pages.Placement
    visible: Visible


def place(writer: BasePdfFileWriter, wanted: Visible) -> Placed:
    """Find the page and the place of a stamp; SigningError where there is no such page."""
    index = -1 if wanted.page is None else wanted.page - 1
    if wanted.page is not None and index < 0:
        raise SigningError("pages of a stamp are counted from 1")
    page = fields.page(writer, index)
    box = _box_of(resources.resolved(page))
    room = pages.room(box, placed=wanted.x is not None and wanted.y is not None)
    shown = wanted.fitted(*room)
    if _is_signed(writer):
        room = _modest_room(box, *_size(shown), room)
        shown = wanted.fitted(*room)
    left, bottom = shown.box[:2]
    x, y = (None if wished is None else wished + edge for wished, edge in ((wanted.x, left), (wanted.y, bottom)))
    return Placed(page, pages.place(box, *_size(shown), x=x, y=y, slot=wanted.slot, within=room), shown)


def _size(shown: Visible) -> tuple[float, float]:
    left, bottom, right, top = shown.box
    return right - left, top - bottom


def _is_signed(writer: BasePdfFileWriter) -> bool:
    """Whether somebody signed the document before: what a later signature hides, others call altered."""
    return any(True for _ in enumerate_sig_fields(writer, filled_status=True))


def _modest_room(box: pages.PageBox, width: float, height: float, most: tuple[float, float]) -> tuple[float, float]:
    """What a box of `width` x `height` may take, of `most`, on a page that others have signed: a quarter of it.

    On a page as small as a card half of it, where that is no more than a stamp: what verifiers take for a signature.
    """
    scale = min(1.0, most[0] / width, most[1] / height)
    whole, taken = box.width * box.height, width * height * scale * scale
    largest = _PART * max(whole / 4, min(_SMALL, whole / 2))
    if taken <= largest:
        return most
    less = scale * math.sqrt(largest / taken)
    return width * less, height * less


def form(writer: BasePdfFileWriter, placed: Placed) -> DictionaryObject:
    """Make the appearance dictionary (ISO 32000-2, 12.5.5) of a visible signature."""
    archival = _is_archival(writer)
    drawing = placed.visible.draw(embed=archival)
    fonts: dict[str, PdfObject] = {
        f"/{name}": resources.font(writer, subset) for name, subset in drawing.subsets.items()
    }
    fonts |= {f"/{name}": resources.standard_font(base) for name, base in drawing.standard.items()}
    used: dict[str, PdfObject] = {"/Font": resources.dictionary(fonts)}
    if archival and not _has_intent(writer):
        used["/ColorSpace"] = resources.colours()
    if drawing.pictures:
        images = {f"/{name}": resources.image(writer, picture) for name, picture in drawing.pictures.items()}
        used["/XObject"] = resources.dictionary(images)
    described: dict[str, PdfObject] = {
        "/Type": resources.Name("/XObject"),
        "/Subtype": resources.Name("/Form"),
        "/BBox": resources.numbers(*placed.visible.box),
        "/Matrix": resources.numbers(*placed.placement.matrix),
        "/Resources": resources.dictionary(used),
    }
    return resources.dictionary({"/N": resources.stream(writer, drawing.content, described)})


def _is_archival(writer: BasePdfFileWriter) -> bool:
    """Whether the document says that it is a PDF/A (ISO 19005-1, 6.7.11): then every font is embedded."""
    # Not root.get(): that gives the reference, not what it points to.
    metadata = writer.root["/Metadata"] if "/Metadata" in writer.root else None  # noqa: SIM401
    return isinstance(metadata, StreamObject) and b"pdfaid:part" in metadata.data


def _has_intent(writer: BasePdfFileWriter) -> bool:
    """Whether the document says what its RGB is; in a PDF/A without, none is the device's (ISO 19005-3, 6.2.4.3)."""
    intents = writer.root["/OutputIntents"] if "/OutputIntents" in writer.root else None  # noqa: SIM401 - as above
    return isinstance(intents, ArrayObject) and any(_components(resources.resolved(each)) == _RGB for each in intents)


def _components(intent: PdfObject) -> int:
    """Of the profile of an output intent; 0 where it has none."""
    profile = (
        intent["/DestOutputProfile"]
        if isinstance(intent, DictionaryObject) and "/DestOutputProfile" in intent
        else None
    )
    return int(profile["/N"]) if isinstance(profile, DictionaryObject) and "/N" in profile else 0


def blank(writer: BasePdfFileWriter) -> int:
    """Add an empty form XObject to the revision, and give its object number."""
    described: dict[str, PdfObject] = {
        "/Type": resources.Name("/XObject"),
        "/Subtype": resources.Name("/Form"),
        "/BBox": resources.numbers(0, 0, 0, 0),
        "/Resources": resources.dictionary({}),
    }
    return int(resources.stream(writer, b"", described).idnum)


def showing(writer: BasePdfFileWriter, number: int) -> DictionaryObject:
    """Make the appearance dictionary of a field that shows the form of that number, of this revision or before."""
    return resources.dictionary({"/N": _reference(number, 0, writer)})


def _box_of(page: DictionaryObject) -> pages.PageBox:
    return pages.page_box(
        _floats(_inherited(page, "/MediaBox")),
        _floats(_inherited(page, "/CropBox")),
        _float(_inherited(page, "/Rotate")),
        _float(page["/UserUnit"]) if "/UserUnit" in page else None,
    )


def _inherited(page: DictionaryObject, name: str) -> object:
    node: object = page
    for _ in range(_DEEPEST_TREE):
        if not isinstance(node, DictionaryObject):
            return None
        if name in node:
            return node[name]
        # Not node.get(): that gives the reference, not what it points to.
        node = node["/Parent"] if "/Parent" in node else None  # noqa: SIM401
    return None


def _floats(value: object) -> list[float] | None:
    if not isinstance(value, ArrayObject):
        return None
    numbers = [_float(value[n]) for n in range(len(value))]
    return [number for number in numbers if number is not None] if None not in numbers else None


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, NumberObject | FloatObject) else None
