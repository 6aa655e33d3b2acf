"""A sheet of the archive for people: PDF/A-3 with what machines read inside it, sealed like a dossier."""

import tempfile
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydyf
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from evidence import disk, files, keys, seal, timestamps
from evidence.archive import receipts
from evidence.dossier import glyphs, metadata
from evidence.dossier.language import spoken

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

FONTS = Path(__file__).parents[1] / "dossier" / "fonts"
SHEET = Path(__file__).parent / "paper.css"
FACES = {
    ("Titre", 400): "serif",
    ("Texte", 400): "sans",
    ("Texte", 600): "sans-bold",
    ("Chasse fixe", 400): "mono",
    ("Secours", 400): "fallback",
    ("Orient", 400): "east",
}


def sealed(template: str, told: Mapping[str, Any], *, content: bytes, name: str, reason: str, at: datetime) -> str:
    """Draw, seal and store a sheet with `content` attached as `name`; gives its SHA-256. Raises what seals raise."""
    folder = disk.folder(Path(settings.WORK_DIR), mode=0o700)
    stamper = timestamps.timestamper()
    crls = [*((Path(settings.PKI_DIR) / each).read_bytes() for each in receipts.LISTS), *stamper.lists()]
    with tempfile.TemporaryDirectory(dir=folder, prefix="paper-") as work, timezone.override(settings.TIME_ZONE_SHOWN):
        plain, target = Path(work) / "plain.pdf", Path(work) / "sealed.pdf"
        plain.write_bytes(_drawn(_html(template, told), content, name, at))
        seal.seal_pdf(plain, target, keys.open_identity("seal"), stamper, crls=crls, reason=reason, at=at)
        return files.put(target)


def _html(template: str, told: Mapping[str, Any]) -> str:
    """In the typography of the language that is active; a character that no face has stands as its number."""
    return glyphs.printable(spoken().spaced(render_to_string(template, dict(told))))


def _drawn(html: str, content: bytes, name: str, at: datetime) -> bytes:
    # As in evidence.dossier.pdf: loaded by who draws.
    from weasyprint import DEFAULT_OPTIONS, HTML, Attachment  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    configuration, style = _style()
    made = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    attached = Attachment(string=content, name=name, relationship="Source", created=made, modified=made)
    options = {**DEFAULT_OPTIONS, "pdf_variant": "pdf/a-3a", "attachments": [attached]}
    fetcher = URLFetcher(allowed_protocols={"data"})
    with warnings.catch_warnings():
        # WeasyPrint leaves its own colour profile open for the collector to close.
        warnings.simplefilter("ignore", ResourceWarning)
        laid = HTML(string=html, url_fetcher=fetcher).render(font_config=configuration, stylesheets=[style])
        laid.metadata.generate_rdf_metadata = metadata.with_pdf_ua(laid.metadata.generate_rdf_metadata)
        drawn: bytes = laid.write_pdf(finisher=_finish, **options)
    return drawn


def _finish(_document: Any, pdf: pydyf.PDF) -> None:
    """Name the associated file once, and give its type: WeasyPrint takes it from the machine's own list."""
    pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and each.extra.get("Type") == "/EmbeddedFile":
            each.extra["Subtype"] = "/application#2fjson"


@lru_cache(maxsize=1)
def _style() -> "tuple[FontConfiguration, CSS]":
    from weasyprint import CSS  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    configuration = FontConfiguration()
    faces = "".join(
        f"@font-face{{font-family:'{family}';font-weight:{weight};src:url('{(FONTS / file).as_uri()}.ttf')}}"
        for (family, weight), file in FACES.items()
    )
    return configuration, CSS(string=faces + SHEET.read_text(), font_config=configuration)
