"""The visible signature as integrators ask for it: `pdfSignatureOptions`, judged, in the form that the row keeps."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from signing.backend.api.errors import Label, Refused
from signing.backend.api.options import PdfSignatureOptions
from signing.engine import pictures
from signing.engine.lines import Line, colour

STYLES = {"1": "bold", "2": "italic", "3": "bold italic"}  # java.awt.Font, which some clients send
FAMILIES = {"times": "Times", "serif": "Times", "courier": "Courier", "mono": "Courier"}


def asked(options: PdfSignatureOptions, *, image: bytes, pages: int) -> dict[str, Any] | None:
    """What the row keeps (`signing.backend.stamps`), but for the image; None for an invisible signature.

    `image`: decoded, empty for none. Raises `Refused` (422) for a page that the document has not, an image that is
    none, a text of which nothing can be drawn.
    """
    if not options.is_visible:
        return None
    if image:
        _check_image(image)
    lines = [*_lines(options), *_older_line(options)]
    for line in lines:
        if not line.is_drawable:
            raise _wrong(f"linesOptions : aucune police ne dessine « {line.text[:40]} ».")
    kept: dict[str, Any] = {"lines": [_kept(line) for line in lines]}
    if options.signature_page is not None:
        if not 1 <= options.signature_page <= pages:
            raise _wrong(f"signaturePage : ce document a {pages} page(s).")
        kept["page"] = options.signature_page
    place = {"x": options.signature_pos_x, "y": options.signature_pos_y}  # one that is not said is the client's default
    return kept | {name: value for name, value in place.items() if value is not None}


def _lines(options: PdfSignatureOptions) -> Iterator[Line]:
    for asked in options.lines_options:
        if asked.line_content:
            yield Line(
                asked.line_content,
                asked.line_font,
                asked.line_font_size,
                colour(asked.line_color),
                asked.line_pos_x_in_image,
                asked.line_pos_y_in_image,
            )


def _older_line(options: PdfSignatureOptions) -> Iterator[Line]:
    """The one line of the older form; a family that is none of ours is drawn in Helvetica."""
    if not options.signature_text:
        return
    family = options.font_family.lower()
    name = next((ours for theirs, ours in FAMILIES.items() if theirs in family), "Helvetica")
    style = STYLES.get(options.font_style, options.font_style.lower())
    slanted = "Oblique" if name == "Helvetica" else "Italic"
    parts = ["Bold"] if "bold" in style else []
    parts += [slanted] if "italic" in style or "oblique" in style else []
    font = "_".join([name, *parts]) if parts or name != "Times" else "Times_roman"
    number = int(options.signature_text_color or "0", 16)
    yield Line(options.signature_text, font, options.signature_text_font_size, colour(number))


def _kept(line: Line) -> dict[str, Any]:
    return {
        "text": line.text,
        "font": line.font,
        "size": line.size,
        "colour": list(line.colour),
        "x": line.x,
        "y": line.y,
    }


def _check_image(content: bytes) -> None:
    try:
        pictures.read(content)
    except pictures.NoPicture as error:
        raise _wrong("signatureImageContent n'est pas une image PNG ou JPEG de 16 mégapixels au plus.") from error


def _wrong(sentence: str) -> Refused:
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, sentence)
