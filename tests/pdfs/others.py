"""What other programs write besides when they sign a file that somebody has signed before."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from PIL import ImageCms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.xref import XRefStream
from pyhanko.sign import fields, signers

from tests.pdfs import raw, signed

_dictionary: Any = generic.DictionaryObject
_stream: Any = generic.StreamObject
_number: Any = generic.NumberObject
Besides = Callable[[Any, Any], None]
"""What is done with the writer and the new field before it is signed."""
_NEW = 90


def sign_again(document: bytes, besides: Besides, *, name: str = "Second") -> bytes:
    """A signature in a field of its own, seen, and something besides in the same revision."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(document))
    fields.append_signature_field(writer, fields.SigFieldSpec(name, box=(60, 60, 260, 130), on_page=0))
    every = (each.get_object() for each in writer.root["/AcroForm"]["/Fields"])
    field = next(each for each in every if each["/T"] == name)
    besides(writer, field)
    writer.update_container(field)
    metadata = signers.PdfSignatureMetadata(field_name=name, name="Somebody")
    signer = signers.PdfSigner(metadata, signer=signed.stranger())
    return bytes(signer.sign_pdf(writer, existing_fields_only=True).getbuffer())


def resources_of_the_field(writer: Any, field: Any) -> None:
    """As iText and what came of it: the form that the field draws is named in resources of the field, too."""
    form = {"/Type": pdf_name("/XObject"), "/Subtype": pdf_name("/Form")}
    drawn = writer.add_object(_stream({pdf_name(key): value for key, value in form.items()}, stream_data=b""))
    named = _dictionary({pdf_name("/FRM"): drawn})
    field[pdf_name("/DR")] = _dictionary({pdf_name("/XObject"): named})


def intent(profile: bytes, **entries: Any) -> Besides:
    """As EU DSS: an output intent in the catalog; `entries`: others of it than those of PDF/A."""

    def add(writer: Any, _field: Any) -> None:
        stream = writer.add_object(_stream({pdf_name("/N"): _number(3)}, stream_data=profile))
        told = {"Type": pdf_name("/OutputIntent"), "S": pdf_name("/GTS_PDFA1"), "Info": pdf_string("sRGB")}
        made = {pdf_name(f"/{key}"): value for key, value in (told | {"DestOutputProfile": stream} | entries).items()}
        writer.root[pdf_name("/OutputIntents")] = generic.ArrayObject([writer.add_object(_dictionary(made))])
        writer.update_root()

    return add


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def red_and_blue_exchanged() -> bytes:
    """A profile by which what is red in sRGB is blue."""
    return srgb().replace(b"rXYZ", b"????", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"????", b"bXYZ", 1)


def lone_generation(document: bytes, body: bytes = b"(a)") -> bytes:
    """As poppler: a revision with an object whose first generation is not the zeroth."""
    made = raw.update(document, {_NEW: body})
    start = len(document)
    end = made[start:].replace(b"90 0 obj", b"90 1 obj", 1)
    return document + re.sub(rb"(90 1\n\d{10} )00000", rb"\g<1>00001", end)


def blank_before_table(document: bytes) -> bytes:
    """As @signpdf: a revision whose `startxref` leads to the end of the line before its table."""
    made = raw.update(document, {_NEW: b"(a)"})
    start = int(re.findall(rb"startxref\s+(\d+)", made)[-1])
    end = made[start:].replace(b"startxref\n%d" % start, b"startxref\n%d" % (start - 1))
    return made[:start] + end


def without_lengths(message: bytes) -> bytes:
    """As NSS: a CMS in BER, whose outermost values are of no length that is told (X.690, 8.1.3.6)."""
    kind_end = message.index(b"\x06") + 2 + message[message.index(b"\x06") + 1]
    content = message[kind_end:]
    inner = content[2 + (content[1] & 0x7F) :]
    return b"\x30\x80" + message[message.index(b"\x06") : kind_end] + b"\xa0\x80" + inner + bytes(4)


def sign_reusing(document: bytes, *, name: str) -> bytes:
    """As PDFBox: a stream of cross-references that lists itself nowhere, whose number the next object has.

    `document`: one whose newest section is such a stream.
    """

    def unlisted(stream: Any, *written: Any) -> None:
        del stream.position_dict[max(stream.position_dict)]
        write(stream, *written)

    write: Any = XRefStream.write_to_stream
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(document))
    writer._lastobj_id = writer.prev.trailer["/Size"] - 2  # the stream is the last before its size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(XRefStream, "write_to_stream", unlisted)
        return signed.sign_in(writer, signers.PdfSignatureMetadata(field_name=name, name="Somebody"))


def unlisted_section(objects: Mapping[int, bytes]) -> bytes:
    """As EU DSS: a document whose stream of cross-references does not list itself."""
    made, rows = bytearray(raw.HEADER), b"\0" + bytes(5)
    for number, body in sorted(objects.items()):
        rows += b"\1" + len(made).to_bytes(4) + b"\0"
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    last, start = len(objects) + 1, len(made)
    head = b"/Type /XRef /Size %d /Index [0 %d] /W [1 4 1] /Root 1 0 R" % (last + 1, last)
    made += b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (last, raw.stream(rows, head), start)
    return bytes(made)
