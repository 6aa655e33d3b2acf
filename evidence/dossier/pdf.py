"""dossier.pdf: what dossier.xml says, for people. PDF/A-3a, tagged after PDF/UA-1, the XML inside as its source.

Nothing is printed that was not read back from the sealed XML. The same XML gives the same bytes.
"""

import hashlib
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from evidence.dossier import commands, conditions, downloads, glyphs, metadata, printing, sentences, signs, steps, xml
from evidence.dossier.facts import DossierFacts
from evidence.dossier.language import spoken

if TYPE_CHECKING:
    from weasyprint import Attachment

HERE = Path(__file__).parent
ZONE = "Europe/Paris"
MANNERS = ("", "dense", "dense flow")
LISTED, FEW = 6, 3
"""Of more documents than the first, page one names the second, and how many others: it is for the four conditions."""


class NotRendered(Exception):
    """The renderer complained (a missing glyph, a refused resource, a rule it did not know): no PDF is made of it."""


def render(document: bytes, *, zone: str = ZONE) -> bytes:
    """The PDF of a sealed dossier.xml, in the signer's language, instants in `zone`.

    Raises `xml.NotValid` and `NotRendered`.
    """
    facts = xml.read(document)
    with translation.override(facts.language):
        return _drawn(facts, document, zone=zone)


def _drawn(facts: DossierFacts, document: bytes, *, zone: str) -> bytes:
    """The PDF in the language that is active."""
    digest = hashlib.sha256(document).hexdigest()
    # WeasyPrint takes half a second to load: who draws nothing does not wait for it (a worker loads it as it starts).
    from weasyprint import DEFAULT_OPTIONS  # noqa: PLC0415

    options = {**DEFAULT_OPTIONS, "pdf_variant": "pdf/a-3a", "attachments": _attachments(facts, document)}
    with _complaints() as complaints:
        laid = _laid_out(facts, digest=digest, zone=zone)
        laid.metadata.generate_rdf_metadata = metadata.with_pdf_ua(laid.metadata.generate_rdf_metadata)
        with warnings.catch_warnings():
            # WeasyPrint leaves its own colour profile open for the collector to close.
            warnings.simplefilter("ignore", ResourceWarning)
            made: bytes = laid.write_pdf(finisher=printing.with_attachments_of("xml"), **options)
    if complaints:
        raise NotRendered("; ".join(sorted(set(complaints))))
    return made


def _laid_out(facts: DossierFacts, *, digest: str, zone: str) -> Any:
    """The pages, in the first manner in which all of page one stands on page one; the last is taken as it comes."""
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    fonts, style = printing.fonts(), printing.sheet(HERE / "dossier.css")
    fetcher = URLFetcher(allowed_protocols={"data"})
    for manner in MANNERS:
        html = page(facts, digest=digest, zone=zone, manner=manner)
        laid = HTML(string=html, url_fetcher=fetcher).render(stylesheets=[style], font_config=fonts)
        if len(laid.pages) > 1 and "chapitre-1" in laid.pages[1].anchors:
            break
    return laid


def page(facts: DossierFacts, *, digest: str, zone: str, manner: str = "") -> str:
    """The HTML that is printed; `manner` is how close page one is set."""
    voice, papers = sentences.Voice(facts, zone), facts.documents.document
    named = papers if len(papers) <= LISTED else papers[:FEW]
    context = {
        "facts": facts,
        "voice": voice,
        "papers": named,
        "more": len(papers) - len(named),
        "conditions": [
            (each, str(conditions.TITLES[each.name]), conditions.said(voice, each.name))
            for each in facts.summary.condition
        ],
        "steps": steps.steps(facts),
        "downloads": downloads.fetched(facts),
        "checks": commands.checks(facts),
        "journal": journal_lines(facts),
        "digest": digest,
        "language": facts.language,
        "city": signs.city(zone),
        "manner": manner,
    }
    with timezone.override(zone):
        html = spoken().spaced(render_to_string("dossier/dossier.html", context))
        if glyphs.printable(html) != html:  # the glossary then says what the numbers are
            html = spoken().spaced(render_to_string("dossier/dossier.html", context | {"numbered": True}))
    return glyphs.printable(html)


def journal_lines(facts: DossierFacts) -> list[tuple[str, str]]:
    """The journal as preformatted lines, by day of UTC: number and time left of the rule, kind and digest right."""
    days: dict[str, list[str]] = {}
    for entry in facts.journal.entry:
        kind = f"{entry.kind}{' *' if entry.scope == 'other' else ''}"
        line = f"{entry.seq:>6}  {entry.at[11:23]}{'':12}{kind:<25}{entry.digest}"
        days.setdefault(entry.at[:10], []).append(line)
    return [(spoken().day(signs.at(f"{day}T00:00:00Z", "UTC")), "\n".join(lines)) for day, lines in days.items()]


def _attachments(facts: DossierFacts, document: bytes) -> "list[Attachment]":
    """In the order of their names, which WeasyPrint does not sort; times are naive UTC, which it stamps as Z."""
    from weasyprint import Attachment  # noqa: PLC0415

    made = datetime.fromisoformat(facts.generated_at).astimezone(UTC).replace(tzinfo=None)
    times = {"created": made, "modified": made}
    schema = xml.SCHEMA.read_bytes()
    return [
        Attachment(
            string=schema,
            name=xml.SCHEMA.name,
            description=gettext("Schéma de dossier.xml"),
            relationship="Supplement",
            **times,
        ),
        Attachment(
            string=document,
            name="dossier.xml",
            description=gettext("Dossier de preuve complet"),
            relationship="Source",
            **times,
        ),
    ]


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collects what WeasyPrint would only log."""
    found: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.msg if isinstance(record.msg, str) else type(record.msg).__name__)

    logger, collector = logging.getLogger("weasyprint"), Collector(logging.WARNING)
    level, spread = logger.level, logger.propagate
    logger.addHandler(collector)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield found
    finally:
        logger.removeHandler(collector)
        logger.setLevel(level)
        logger.propagate = spread
