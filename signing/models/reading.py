"""What the server holds of reading: documents served, pages seen, batches taken."""

from django.db import models

from signing.models.envelope import Document
from signing.models.signer import Signer


class Presentation(models.Model):
    """The frozen bytes of a document were served to a signer, in whatever session."""

    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="presentations")
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    presented_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signer", "document"], name="presentation_once")]

    def __str__(self) -> str:
        return f"{self.signer_id} {self.document_id}"


class PageReading(models.Model):
    """One page of one document for one signer: cells seen, time on screen, and when the server held it for read.

    `pictured_at`: when its picture was served, to a browser that draws no PDF.
    """

    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="page_readings")
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    page = models.PositiveIntegerField()
    cells = models.CharField(max_length=20, default="0" * 20)
    dwell_ms = models.PositiveIntegerField(default=0)
    method = models.CharField(max_length=10, blank=True)
    pictured_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signer", "document", "page"], name="page_reading_once"),
            models.CheckConstraint(
                name="page_reading_read_has_method",
                condition=models.Q(read_at__isnull=True, method="")
                | (models.Q(read_at__isnull=False) & ~models.Q(method="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signer_id} {self.document_id} {self.page}"


class ReadingBrowser(models.Model):
    """A browser in which a signer reads, by what it calls itself: SHA-256 of the user agent, hex."""

    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="reading_browsers")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signer", "digest"], name="reading_browser_once")]

    def __str__(self) -> str:
        return f"{self.signer_id} {self.digest[:16]}"


class ReadingStream(models.Model):
    """The last batch taken of one page load; a batch that comes again changes nothing."""

    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="reading_streams")
    stream = models.CharField(max_length=64)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signer", "stream"], name="reading_stream_once")]

    def __str__(self) -> str:
        return f"{self.signer_id} {self.last_seq}"
