"""Images of visible signatures: PNG and JPEG as sent, in the form in which a PDF holds them.

A JPEG goes in as it is, where it is of a coding that readers of PDF have. Of anything else the pixels go in, laid on
white; what was transparent altogether stays so by a mask of one bit (ISO 32000-2, 8.9.6.3), since a soft mask would
cost a PDF/A-1 its conformance (ISO 19005-1, 6.4).
"""

import io
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageFile, ImageOps

MOST_PIXELS = 16_000_000
_FORMATS = ("PNG", "JPEG")
_TRANSPARENT_BELOW = 8
_LOCK = threading.Lock()
_PLAIN = ("L", "RGB")
_MARKER = 0xFF
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the others are tables, and one is kept for later
_HUFFMAN = {0xC0, 0xC1, 0xC2}
"""Baseline, extended and progressive: what DCTDecode is (ISO 32000-2, 7.4.8). Arithmetic coding few readers know."""
_UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class NoPicture(ValueError):
    """What was given is no PNG or JPEG, is damaged, or has more than MOST_PIXELS pixels."""


@dataclass(frozen=True)
class Picture:
    """An image XObject to be: size in pixels, its stream with the filter's name, and its mask (Flate, 1 is masked)."""

    width: int
    height: int
    components: int
    filter: str
    data: bytes
    mask: bytes | None = None


@lru_cache(maxsize=8)
def read(content: bytes) -> Picture:
    """Read an image file; raises NoPicture. Nothing of it is trusted: all of it is decoded here."""
    try:
        with _whole_images_only(), Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NoPicture(f"{image.width} x {image.height} pixels")
            image.load()
            upright = ImageOps.exif_transpose(image)
            as_it_is = image.mode in _PLAIN and not _is_turned(image) and _coding(content) in _HUFFMAN
            if image.format == "JPEG" and as_it_is:
                return Picture(image.width, image.height, len(image.getbands()), "/DCTDecode", content)
            return _pixels(upright)
    except _UNREADABLE as error:
        raise NoPicture(str(error)) from error


@contextmanager
def _whole_images_only() -> Iterator[None]:
    """Have Pillow refuse what was cut off, for this while: WeasyPrint, in the same process, has it filled up."""
    with _LOCK:
        ImageFile.LOAD_TRUNCATED_IMAGES, kept = False, ImageFile.LOAD_TRUNCATED_IMAGES
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = kept


def _coding(content: bytes) -> int:
    """The marker of a JPEG's frame, which tells its coding (ITU-T T.81, table B.1); 0 where none is found."""
    at = 2
    while at + 4 <= len(content) and content[at] == _MARKER:
        marker = content[at + 1]
        if marker in _FRAMES:
            return marker
        at += 1 if marker == _MARKER else 2 + int.from_bytes(content[at + 2 : at + 4])
    return 0


def _is_turned(image: Image.Image) -> bool:
    return bool(image.getexif().get(0x0112, 1) != 1)  # EXIF, Orientation


def _pixels(image: Image.Image) -> Picture:
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    mask = None
    if image.has_transparency_data:
        image = image.convert("RGBA")
        mask = _mask(image.getchannel("A"))
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    if image.mode not in _PLAIN:
        image = image.convert("RGB")
    return Picture(
        image.width, image.height, len(image.getbands()), "/FlateDecode", zlib.compress(image.tobytes()), mask
    )


def _mask(alpha: Image.Image) -> bytes | None:
    """One bit for each pixel, 1 where nothing is painted; None where everything is."""
    low, _ = alpha.getextrema()
    if not isinstance(low, int) or low >= _TRANSPARENT_BELOW:
        return None
    hidden = alpha.point(lambda value: 255 if value < _TRANSPARENT_BELOW else 0).convert("1", dither=Image.Dither.NONE)
    return zlib.compress(hidden.tobytes())
