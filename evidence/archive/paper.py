"""A sheet of the archive for people: PDF/A-3 with what machines read inside it, sealed like a dossier."""

import tempfile
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from evidence import disk, files, keys, seal, timestamps
from evidence.archive import receipts
from evidence.dossier import glyphs, metadata, printing
from evidence.dossier.language import spoken

SHEET = Path(__file__).parent / "paper.css"


def sealed(template: str, told: Mapping[str, Any], *, content: bytes, name: str, reason: str, at: datetime) -> str:
    """Draw, seal and store a sheet with `content` attached as `name`; gives its SHA-256. Raises what seals raise."""
    folder = disk.folder(Path(settings.WORK_DIR), mode=0o700)
    stamper = timestamps.timestamper()
    crls = [*((Path(settings.PKI_DIR) / each).read_bytes() for each in receipts.LISTS), *stamper.lists()]
    with tempfile.TemporaryDirectory(dir=folder, prefix="paper-") as work, timezone.override(settings.TIME_ZONE_SHOWN):
        plain, target = Path(work) / "plain.pdf", Path(work) / "sealed.pdf"
        plain.write_bytes(_drawn(_html(template, told), content, name, at))
        seal.seal_pdf(plain, target, keys.open_identity("seal"), stamper, crls=crls, reason=reason, at=at)
        return files.take(target)


def _html(template: str, told: Mapping[str, Any]) -> str:
    """In the typography of the language that is active; a character that no face has stands as its number."""
    return glyphs.printable(spoken().spaced(render_to_string(template, dict(told))))


def _drawn(html: str, content: bytes, name: str, at: datetime) -> bytes:
    # As in evidence.dossier.pdf: loaded by who draws.
    from weasyprint import DEFAULT_OPTIONS, HTML, Attachment  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    made = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    attached = Attachment(string=content, name=name, relationship="Source", created=made, modified=made)
    options = {**DEFAULT_OPTIONS, "pdf_variant": "pdf/a-3a", "attachments": [attached]}
    fetcher = URLFetcher(allowed_protocols={"data"})
    with warnings.catch_warnings():
        # WeasyPrint leaves its own colour profile open for the collector to close.
        warnings.simplefilter("ignore", ResourceWarning)
        laid = HTML(string=html, url_fetcher=fetcher).render(
            font_config=printing.fonts(), stylesheets=[printing.sheet(SHEET)]
        )
        laid.metadata.generate_rdf_metadata = metadata.with_pdf_ua(laid.metadata.generate_rdf_metadata)
        drawn: bytes = laid.write_pdf(finisher=printing.with_attachments_of("json"), **options)
    return drawn
