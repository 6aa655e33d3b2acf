"""What dossiers and the sheets of the archive are printed with: WeasyPrint's fonts, style sheets, attachments.

Fonts and sheets are made once for each process: fresh ones cost time and memory at each document. WeasyPrint keeps the
fonts in a folder of its own, which goes when the process ends.
"""

import atexit
import base64
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydyf

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

FONTS = Path(__file__).parent / "fonts"
FACES = {
    ("Titre", 400): "serif",
    ("Initiales", 400): "italic",
    ("Texte", 400): "sans",
    ("Texte", 600): "sans-bold",
    ("Chasse fixe", 400): "mono",
    ("Secours", 400): "fallback",
    ("Orient", 400): "east",
}

# WeasyPrint takes half a second to load: who draws nothing does not wait for it, hence the imports where it is used.


@lru_cache(maxsize=1)
def fonts() -> "FontConfiguration":
    """Load the faces of the dossier."""
    from weasyprint import CSS  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    configuration = FontConfiguration()
    faces = "".join(
        f"@font-face{{font-family:'{family}';font-weight:{weight};src:url('{(FONTS / file).as_uri()}.ttf')}}"
        for (family, weight), file in FACES.items()
    )
    CSS(string=faces, font_config=configuration)
    return configuration


@lru_cache(maxsize=4)
def sheet(path: Path) -> "CSS":
    """Read a style sheet; drawings that lie beside it are put into it, since nothing is fetched while printing."""
    from weasyprint import CSS  # noqa: PLC0415

    text = path.read_text()
    for drawing in sorted(path.parent.glob("*.svg")):
        drawn = base64.b64encode(drawing.read_bytes()).decode()
        text = text.replace(drawing.name, f"data:image/svg+xml;base64,{drawn}")
    return CSS(string=text, font_config=fonts())


def with_attachments_of(subtype: str) -> Callable[[Any, pydyf.PDF], None]:
    """Give WeasyPrint's finisher that names each associated file once, as application/`subtype`.

    WeasyPrint names them twice, and takes their type from the machine's own list.
    """

    def finish(_document: Any, pdf: pydyf.PDF) -> None:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
        for each in pdf.objects:
            if isinstance(each, pydyf.Stream) and each.extra.get("Type") == "/EmbeddedFile":
                each.extra["Subtype"] = f"/application#2f{subtype}"

    return finish


def _release() -> None:
    """Let go of the fonts while their folder can still be removed: at the interpreter's own end it no longer can."""
    sheet.cache_clear()
    fonts.cache_clear()


atexit.register(_release)
