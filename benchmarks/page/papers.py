"""What is read in the benchmark of the page: 1, 20 and 300 pages of text, and 50 MB of scans."""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

from tests.pdfs import sound

SCANS = 50  # pages of a megabyte each: A4 in colour at 200 dots an inch
DOTS = (1654, 2339)
UNLIKE = 10  # pictures that are made; each is in the file five times
SCAN_OCTETS = 995_000  # of one page: all of them stay below the 50 MB that intake takes
GRAIN = 18  # standard deviation of the noise of a scanner, of 255
FEWEST, MOST = 40, 96  # qualities of JPEG between which the one of that size is looked for


@dataclass(frozen=True)
class Paper:
    """A document, and what signer-page.md asks of it: seconds until its first page is visible."""

    name: str
    pages: int
    cold: float
    warm: float | None = None
    scanned: bool = False

    def write(self, folder: Path) -> Path:
        """Make it; gives its path."""
        target = folder / f"{self.name.replace(' ', '-')}.pdf"
        target.write_bytes(scans(self.pages) if self.scanned else sound.contract(self.pages))
        return target


PAPERS = (
    Paper("1 page", 1, cold=4.5, warm=1.5),
    Paper("20 pages", 20, cold=4.5, warm=1.5),
    Paper("300 pages", 300, cold=6.5),
    Paper("50 MB of scans", SCANS, cold=13.0, scanned=True),
)


def scans(pages: int) -> bytes:
    """Pages that are one picture in colour each, with the grain that makes a scan large; the same ones every time."""
    pdf = pikepdf.new()
    pictures = list(_pictures())
    for number in range(pages):  # each page has a picture of its own in the file, though some are alike
        image = pikepdf.Stream(pdf, pictures[number % len(pictures)])
        image.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=DOTS[0], Height=DOTS[1])
        image.ColorSpace, image.BitsPerComponent, image.Filter = Name.DeviceRGB, 8, Name.DCTDecode
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages[-1].Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /Im0 Do")
        pdf.pages[-1].Resources = Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(image)))
    return sound.saved(pdf)


def _pictures() -> Iterator[bytes]:
    """JPEG files of all but one megabyte: a sheet with lines of text, and its page's own grain."""
    dice = random.Random(7)  # noqa: S311 - grain, no secret
    side = max(DOTS) + 256  # one tile of grain, from which each page takes another part
    coarse = Image.frombytes("L", (side // 4, side // 4), dice.randbytes((side // 4) ** 2)).resize((side, side))
    grain = Image.blend(coarse, Image.frombytes("L", (side, side), dice.randbytes(side * side)), 0.5)
    quality = 0
    for number in range(UNLIKE):
        left, top = dice.randrange(side - DOTS[0]), dice.randrange(side - DOTS[1])
        noise = grain.crop((left, top, left + DOTS[0], top + DOTS[1])).convert("RGB")
        seen = Image.blend(_sheet(number + 1), noise, GRAIN / 255)
        quality = quality or _quality_of(seen)
        yield _jpeg(seen, quality)


def _sheet(number: int) -> Image.Image:
    sheet = Image.new("RGB", DOTS, (250, 248, 242))
    draw = ImageDraw.Draw(sheet)
    for line in range(50):
        words = f"Article {number}.{line + 1} : le prestataire fait tout ce qui est convenu, dans le temps convenu."
        draw.text((150, 150 + 40 * line), words, fill=(30, 30, 60), font_size=26)
    return sheet


def _quality_of(seen: Image.Image) -> int:
    """The best quality whose file has no more than SCAN_OCTETS."""
    low, high = FEWEST, MOST
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (low, middle - 1) if len(_jpeg(seen, middle)) > SCAN_OCTETS else (middle, high)
    return low


def _jpeg(seen: Image.Image, quality: int) -> bytes:
    made = io.BytesIO()
    seen.save(made, "JPEG", quality=quality, dpi=(200, 200))
    return made.getvalue()
