"""What is remembered of the orders at another CertSign: its ids, what went there, what came back."""

from pathlib import Path

from django.db import models
from django.db.models import Q

from evidence import files
from evidence.models import Trail


class RemoteOrder(models.Model):
    """One signer's order at another signing service; `word` is what that service said of it last."""

    signer = models.CharField(max_length=64, unique=True, help_text="id in the trail, and the order's external id")
    trail = models.ForeignKey(Trail, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)
    binding = models.CharField(max_length=64)
    name = models.CharField(max_length=601, help_text="of the holder, as the stamp has it")
    language = models.CharField(max_length=2, help_text="of the stamp")
    otp = models.BooleanField()
    channel = models.CharField(max_length=8)
    contact = models.CharField(max_length=254)
    remote_id = models.CharField(max_length=200, blank=True)
    word = models.CharField(max_length=40, blank=True)
    codes = models.PositiveSmallIntegerField(default=0, help_text="how many codes went out")
    code_asked_at = models.DateTimeField(null=True, blank=True, help_text="a code was asked for, and nobody answered")
    code_asks = models.PositiveSmallIntegerField(default=0, help_text="so often, for that code")
    code_accepted_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    judged_try = models.CharField(max_length=32, blank=True)
    verdict = models.CharField(max_length=12, blank=True, help_text="on that try, where it was not the right code")
    tries_left = models.PositiveSmallIntegerField(default=0)
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # One-use means one use: a certificate that comes back with a second order is another order's answer.
            models.UniqueConstraint(
                fields=["certificate_sha256"],
                condition=~Q(certificate_sha256=""),
                name="remote_certificate_of_one_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.word}"


class RemoteRequest(models.Model):
    """One document of such an order: the frozen file, the newest one that was handed over, the signed one."""

    order = models.ForeignKey(RemoteOrder, on_delete=models.PROTECT, related_name="requests")
    document = models.CharField(max_length=64)
    n = models.PositiveSmallIntegerField()
    presented_sha256 = models.CharField(max_length=64)
    presented_size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField()
    handed_sha256 = models.CharField(max_length=64)
    handed_size = models.PositiveBigIntegerField()
    remote_id = models.CharField(max_length=200, blank=True)
    rejected_sha256 = models.CharField(max_length=64, blank=True, help_text="came back and was not what it had to be")
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "document"], name="remote_request_once_per_document"),
            models.CheckConstraint(
                name="remote_request_signed_has_file",
                condition=Q(sha256="", signed_at__isnull=True) | (~Q(sha256="") & Q(signed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.n}"

    @property
    def external_id(self) -> str:
        """The id under which the other service knows the document."""
        return f"{self.order.signer}.{self.document}"

    @property
    def path(self) -> Path:
        """The signed file."""
        return files.path_of(self.sha256)
