"""Where a signer stands: pages read, boxes checked, mentions typed, what is missing, where to go next."""

from dataclasses import dataclass

from signing.models import Document, PageReading, Signer


@dataclass(frozen=True)
class Place:
    """A page of a document, both by number from 1."""

    document: int
    page: int


@dataclass(frozen=True)
class Progress:
    """What stands between a signer and SIGNER."""

    documents: tuple[Document, ...]
    readings: dict[tuple[int, int], PageReading]
    missing: tuple[Place, ...]
    missing_consents: tuple[str, ...]
    missing_mentions: tuple[str, ...] = ()

    @property
    def pages_total(self) -> int:
        return sum(document.pages for document in self.documents)

    @property
    def pages_read(self) -> int:
        return self.pages_total - len(self.missing)

    @property
    def ready(self) -> bool:
        return not (self.missing or self.missing_consents or self.missing_mentions)

    @property
    def next(self) -> Place | None:
        """The first page that is not read."""
        return self.missing[0] if self.missing else None

    def read_of(self, document: Document) -> int:
        """Pages read of one document."""
        return document.pages - sum(1 for place in self.missing if place.document == document.n)


def of(signer: Signer) -> Progress:
    """Count what the server holds for this signer."""
    documents = tuple(signer.envelope.documents.order_by("n"))
    readings = {(row.document_id, row.page): row for row in PageReading.objects.filter(signer=signer)}
    missing = tuple(
        Place(document.n, page)
        for document in documents
        for page in range(1, document.pages + 1)
        if not ((row := readings.get((document.pk, page))) and row.read_at)
    )
    asked = list(signer.consents.order_by("position"))
    return Progress(
        documents,
        readings,
        missing,
        missing_consents=tuple(row.key for row in asked if not row.checked_at),
        missing_mentions=tuple(row.key for row in asked if row.mention and not row.typed_at),
    )
