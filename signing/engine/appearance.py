"""The stamp as PDF objects: where the widget lies on its page, and the form XObject that it shows."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    pdf_string,
)
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.general import SigningError

from signing.engine import pages, stamp
from signing.engine.faces import Subset
from signing.engine.stamp import Stamp

# pyHanko's constructors carry no types; under these names typed code may call them.
_integer: Callable[[int], NumberObject] = NumberObject
_real: Callable[[float], FloatObject] = FloatObject
_reference: Callable[[int, int, BasePdfFileWriter], IndirectObject] = IndirectObject
_dictionary_of: Callable[[Mapping[NameObject, PdfObject]], DictionaryObject] = DictionaryObject

_DEEPEST_TREE = 64
_SYMBOLIC = 4
_ITALIC = 64


@dataclass(frozen=True)
class Placed:
    """Page index (from 0; -1 the last) and place of a widget."""

    page: int
    placement: pages.Placement


def place(writer: BasePdfFileWriter, wanted: Stamp) -> Placed:
    """Find the page and the place of a stamp; SigningError where there is no such page."""
    index = -1 if wanted.page is None else wanted.page - 1
    if wanted.page is not None and index < 0:
        raise SigningError("pages of a stamp are counted from 1")
    reference, _ = writer.find_page_for_modification(index)  # type: ignore[no-untyped-call]  # pyHanko's has no types
    box = _box_of(reference.get_object())
    return Placed(index, pages.place(box, stamp.WIDTH, stamp.HEIGHT, x=wanted.x, y=wanted.y, slot=wanted.slot))


def form(writer: BasePdfFileWriter, wanted: Stamp, placed: Placed) -> DictionaryObject:
    """Make the appearance dictionary (ISO 32000-2, 12.5.5) of a stamp."""
    drawing = stamp.draw(wanted)
    fonts = {f"/{name}": _font(writer, subset) for name, subset in drawing.subsets.items()}
    described: dict[str, PdfObject] = {
        "/Type": NameObject("/XObject"),
        "/Subtype": NameObject("/Form"),
        "/BBox": _numbers(0, 0, stamp.WIDTH, stamp.HEIGHT),
        "/Matrix": _numbers(*placed.placement.matrix),
        "/Resources": _dictionary({"/Font": _dictionary(fonts)}),
    }
    return _dictionary({"/N": _stream(writer, drawing.content, described)})


def blank(writer: BasePdfFileWriter) -> int:
    """Add an empty form XObject to the revision, and give its object number."""
    described: dict[str, PdfObject] = {
        "/Type": NameObject("/XObject"),
        "/Subtype": NameObject("/Form"),
        "/BBox": _numbers(0, 0, 0, 0),
        "/Resources": _dictionary({}),
    }
    return int(_stream(writer, b"", described).idnum)


def showing(writer: BasePdfFileWriter, number: int) -> DictionaryObject:
    """Make the appearance dictionary of a field that shows the form of that number, of this revision or before."""
    return _dictionary({"/N": _reference(number, 0, writer)})


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


def _font(writer: BasePdfFileWriter, subset: Subset) -> IndirectObject:
    """A composite font over the subset (ISO 32000-2, 9.7): CID and glyph number are one, text can be copied."""
    metrics = subset.face.metrics
    name = NameObject(f"/{_tag(subset)}+{metrics.name}")
    descendant: dict[str, PdfObject] = {
        "/Type": NameObject("/Font"),
        "/Subtype": NameObject("/CIDFontType2"),
        "/BaseFont": name,
        "/CIDSystemInfo": _dictionary(
            {"/Registry": pdf_string("Adobe"), "/Ordering": pdf_string("Identity"), "/Supplement": _integer(0)}
        ),
        "/FontDescriptor": writer.add_object(_descriptor(writer, subset, name)),
        "/DW": _integer(subset.widths[0]),
        "/W": ArrayObject([_integer(0), _numbers(*subset.widths)]),
        "/CIDToGIDMap": NameObject("/Identity"),
    }
    font: dict[str, PdfObject] = {
        "/Type": NameObject("/Font"),
        "/Subtype": NameObject("/Type0"),
        "/BaseFont": name,
        "/Encoding": NameObject("/Identity-H"),
        "/DescendantFonts": ArrayObject([writer.add_object(_dictionary(descendant))]),
        "/ToUnicode": _stream(writer, _to_unicode(subset.text), {}),
    }
    return writer.add_object(_dictionary(font))


def _descriptor(writer: BasePdfFileWriter, subset: Subset, name: NameObject) -> DictionaryObject:
    metrics, count = subset.face.metrics, len(subset.numbers)
    every = (1 << count) - 1 << (-count % 8)
    program = subset.program
    return _dictionary(
        {
            "/Type": NameObject("/FontDescriptor"),
            "/FontName": name,
            "/Flags": _integer(_SYMBOLIC | (_ITALIC if metrics.angle else 0)),
            "/FontBBox": _numbers(*metrics.box),
            "/ItalicAngle": _real(metrics.angle),
            "/Ascent": _integer(metrics.ascent),
            "/Descent": _integer(metrics.descent),
            "/CapHeight": _integer(metrics.capital),
            "/StemV": _integer(10 + 220 * (metrics.weight - 50) // 900),
            "/FontFile2": _stream(writer, program, {"/Length1": _integer(len(program))}),
            "/CIDSet": _stream(writer, every.to_bytes((count + 7) // 8, "big"), {}),
        }
    )


def _tag(subset: Subset) -> str:
    """Six capitals that differ between subsets (9.9.2), the same for the same glyphs."""
    digest = zlib.crc32(repr(list(subset.numbers)).encode())
    return "".join(chr(ord("A") + digest // 26**n % 26) for n in range(6))


def _to_unicode(text: dict[int, str]) -> bytes:
    """A ToUnicode CMap (9.10.3); blocks hold 100 entries at most."""
    entries = [f"<{number:04X}> <{character.encode('utf-16-be').hex().upper()}>" for number, character in text.items()]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    mapped = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{mapped}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _stream(writer: BasePdfFileWriter, data: bytes, described: Mapping[str, PdfObject]) -> IndirectObject:
    stream = StreamObject(dict_data=_dictionary(described), stream_data=data)
    stream.compress()  # type: ignore[no-untyped-call]  # pyHanko's method has no types
    return writer.add_object(stream)


def _dictionary(entries: Mapping[str, PdfObject]) -> DictionaryObject:
    return _dictionary_of({NameObject(key): value for key, value in entries.items()})


def _numbers(*values: float) -> ArrayObject:
    return ArrayObject([_real(value) for value in values])
