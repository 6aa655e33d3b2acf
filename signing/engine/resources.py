"""What a visible signature draws with, as PDF objects: embedded subsets, standard fonts, images."""

import io
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, BinaryIO

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    BooleanObject,
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

from signing.engine.faces import Subset
from signing.engine.pictures import Picture


class _Real(FloatObject):
    """A whole number that stands with a point: pyHanko would write 90.0 as 90, which some readers take for another."""

    def __repr__(self) -> str:
        return f"{self:f}" if "." in f"{self:f}" else f"{self:f}.0"


# pyHanko's constructors carry no types; under these names typed code may call them.
_boolean: Callable[[bool], BooleanObject] = BooleanObject
integer: Callable[[int], NumberObject] = NumberObject
_real: Callable[[float], FloatObject] = FloatObject
_kept: Callable[[FloatObject], FloatObject] = _Real
_dictionary_of: Callable[[Mapping[NameObject, PdfObject]], DictionaryObject] = DictionaryObject

_SYMBOLIC = 4
_ITALIC = 64


class Name(NameObject):
    """A name that we give: pyHanko writes names one character after the other, this one at once."""

    def write_to_stream(self, stream: BinaryIO, handler: object = None, container_ref: object = None) -> None:  # noqa: ARG002 - pyHanko's signature
        stream.write(_written(self))


def keep_reals(value: PdfObject) -> PdfObject:
    """Have the real numbers of an object that is written anew stay real; give it."""
    if isinstance(value, DictionaryObject):
        for key, entry in value.items():
            value[key] = keep_reals(entry)
    elif isinstance(value, ArrayObject):
        value[:] = [keep_reals(value.raw_get(number)) for number in range(len(value))]
    return _kept(value) if isinstance(value, FloatObject) else value


@lru_cache(maxsize=512)
def _written(name: str) -> bytes:
    out = io.BytesIO()
    NameObject(name).write_to_stream(out)
    return out.getvalue()


def colours() -> DictionaryObject:
    """What the device's grey and RGB mean in a form (ISO 32000-2, 8.6.5.6), where its document does not say it.

    The numbers are those of sRGB (IEC 61966-2-1) for the white of D50, its curve as a power of 2.2.
    """
    white: dict[str, PdfObject] = {"/WhitePoint": numbers(0.9642, 1, 0.8249)}
    grey = dictionary({**white, "/Gamma": _real(2.2)})
    matrix = numbers(0.4361, 0.2225, 0.0139, 0.3851, 0.7169, 0.0971, 0.1431, 0.0606, 0.7142)
    rgb = dictionary({**white, "/Gamma": numbers(2.2, 2.2, 2.2), "/Matrix": matrix})
    spaces: dict[str, PdfObject] = {
        "/DefaultGray": ArrayObject([Name("/CalGray"), grey]),
        "/DefaultRGB": ArrayObject([Name("/CalRGB"), rgb]),
    }
    return dictionary(spaces)


def font(writer: BasePdfFileWriter, subset: Subset) -> IndirectObject:
    """A composite font over the subset (ISO 32000-2, 9.7): CID and glyph number are one, text can be copied."""
    metrics = subset.face.metrics
    name = Name(f"/{_tag(subset)}+{metrics.name}")
    descendant: dict[str, PdfObject] = {
        "/Type": Name("/Font"),
        "/Subtype": Name("/CIDFontType2"),
        "/BaseFont": name,
        "/CIDSystemInfo": dictionary(
            {"/Registry": pdf_string("Adobe"), "/Ordering": pdf_string("Identity"), "/Supplement": integer(0)}
        ),
        "/FontDescriptor": writer.add_object(_descriptor(writer, subset, name)),
        "/DW": integer(subset.widths[0]),
        "/W": ArrayObject([integer(0), numbers(*subset.widths)]),
        "/CIDToGIDMap": Name("/Identity"),
    }
    font: dict[str, PdfObject] = {
        "/Type": Name("/Font"),
        "/Subtype": Name("/Type0"),
        "/BaseFont": name,
        "/Encoding": Name("/Identity-H"),
        "/DescendantFonts": ArrayObject([writer.add_object(dictionary(descendant))]),
        "/ToUnicode": stream(writer, _to_unicode(subset.text), {}),
    }
    return writer.add_object(dictionary(font))


def _descriptor(writer: BasePdfFileWriter, subset: Subset, name: NameObject) -> DictionaryObject:
    metrics, count = subset.face.metrics, len(subset.numbers)
    every = (1 << count) - 1 << (-count % 8)
    program = subset.program
    return dictionary(
        {
            "/Type": Name("/FontDescriptor"),
            "/FontName": name,
            "/Flags": integer(_SYMBOLIC | (_ITALIC if metrics.angle else 0)),
            "/FontBBox": numbers(*metrics.box),
            "/ItalicAngle": _real(metrics.angle),
            "/Ascent": integer(metrics.ascent),
            "/Descent": integer(metrics.descent),
            "/CapHeight": integer(metrics.capital),
            "/StemV": integer(10 + 220 * (metrics.weight - 50) // 900),
            "/FontFile2": stream(writer, program, {"/Length1": integer(len(program))}),
            "/CIDSet": stream(writer, every.to_bytes((count + 7) // 8, "big"), {}),
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


def standard_font(base: str) -> DictionaryObject:
    return dictionary(
        {
            "/Type": Name("/Font"),
            "/Subtype": Name("/Type1"),
            "/BaseFont": Name(f"/{base}"),
            "/Encoding": Name("/WinAnsiEncoding"),
        }
    )


def image(writer: BasePdfFileWriter, picture: Picture) -> IndirectObject:
    """An image XObject (ISO 32000-2, 8.9.5), with a stencil where parts of it are not to be painted."""
    described: dict[str, PdfObject] = {
        **_sampled(picture, bits=8),
        "/ColorSpace": Name("/DeviceRGB" if picture.components == 3 else "/DeviceGray"),  # noqa: PLR2004 - red, green, blue
    }
    if picture.mask is not None:
        stencil = {**_sampled(picture, bits=1), "/ImageMask": _boolean(True)}
        described["/Mask"] = _encoded(writer, picture.mask, "/FlateDecode", stencil)
    return _encoded(writer, picture.data, picture.filter, described)


def _sampled(picture: Picture, *, bits: int) -> dict[str, PdfObject]:
    return {
        "/Type": Name("/XObject"),
        "/Subtype": Name("/Image"),
        "/Width": integer(picture.width),
        "/Height": integer(picture.height),
        "/BitsPerComponent": integer(bits),
    }


def stream(writer: BasePdfFileWriter, data: bytes, described: Mapping[str, PdfObject]) -> IndirectObject:
    stream = StreamObject(dict_data=dictionary(described), stream_data=data)
    stream.compress()  # type: ignore[no-untyped-call]  # pyHanko's method has no types
    return writer.add_object(stream)


def dictionary(entries: Mapping[str, PdfObject]) -> DictionaryObject:
    return _dictionary_of({Name(key): value for key, value in entries.items()})


def resolved(value: PdfObject) -> Any:
    """What a reference leads to; any other value as it is."""
    return value.get_object()  # type: ignore[no-untyped-call]  # pyHanko's has no types


def numbers(*values: float) -> ArrayObject:
    """To a millionth: a PDF has no exponents (7.3.3), which is how the rest of a rounding would be written."""
    return ArrayObject([_real(round(value, 6) + 0.0) for value in values])


def _encoded(
    writer: BasePdfFileWriter, data: bytes, filter_name: str, described: Mapping[str, PdfObject]
) -> IndirectObject:
    """Add a stream whose data is encoded already."""
    entries = dictionary({**described, "/Filter": Name(filter_name)})
    return writer.add_object(StreamObject(dict_data=entries, encoded_data=data))
