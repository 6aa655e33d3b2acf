"""Rows of the signing service: orders, signature requests, one-use certificates."""

from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evidence import chain, durations, files
from evidence.events import EnvelopeCreated
from evidence.models import Entry, Trail
from otp.models import Channel
from signing.backend.challenges import Challenge
from signing.backend.outbox import Callback
from signing.backend.published_lists import RevocationList
from signing.backend.states import (
    CERTIFICATE_TRANSITIONS,
    ORDER_TRANSITIONS,
    REQUEST_TRANSITIONS,
    CertificateState,
    OrderStatus,
    RequestStatus,
)
from signing.clients.models import Client
from signing.engine.levels import DIGESTS, Level

__all__ = ["Callback", "Certificate", "Challenge", "Order", "OrderMoved", "RevocationList", "SignatureRequest"]


class OrderMoved(Exception):
    """The order, request or certificate is not, or no longer, where this change starts from."""


class Order(models.Model):
    """One signer's order. A worker claims it for signing by a lease; (owner, attempt) fence its commits."""

    class Work(models.TextChoices):
        """What a worker has to do for an order that came over REST; a path's order is worked for by its path."""

        NONE = "", _("rien")
        SEND_CODE = "SEND_CODE", _("envoyer le code")
        SIGN = "SIGN", _("signer")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="orders")
    signer = models.CharField(max_length=64, unique=True, help_text="id of the signer in the trail")
    bare = models.BooleanField(default=False, help_text="came over REST: the path is the client's own")
    external_id = models.CharField(  # noqa: DJ001 - NULL is never the same as NULL, "" would be
        max_length=200, null=True, blank=True, help_text="the integrator's own id"
    )
    body_sha256 = models.CharField(max_length=64, blank=True, help_text="of what created it: the same again, or not")
    email = models.CharField(max_length=254, blank=True)
    mobile = models.CharField(max_length=32, blank=True)
    trail = models.ForeignKey(Trail, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)
    binding = models.CharField(max_length=64)
    first_name = models.CharField(max_length=300)
    last_name = models.CharField(max_length=300)
    country = models.CharField(max_length=2)
    otp = models.BooleanField()
    channel = models.CharField(max_length=8, choices=Channel)
    contact = models.CharField(max_length=254)
    language = models.CharField(max_length=2)
    status = models.CharField(
        max_length=24, choices=[(each.value, each.value) for each in OrderStatus], default=OrderStatus.CREATED
    )
    owner = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    work = models.CharField(max_length=12, choices=Work, default=Work.NONE, blank=True)
    work_due_at = models.DateTimeField(null=True, blank=True)
    work_failures = models.PositiveSmallIntegerField(default=0)
    waiting_for = models.CharField(max_length=8, blank=True)
    application = models.CharField(max_length=20, blank=True, help_text="named beside the client in SMS")
    code_trouble = models.CharField(max_length=16, blank=True, help_text="why the code asked for last did not go out")
    callback_url = models.CharField(max_length=2000, blank=True, help_text="where the end of mode=ASYNC is told")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="by its client: nobody finds it any more")

    class Meta:
        verbose_name = _("ordre")
        constraints = [
            # NULL is never the same as NULL: an order without an id of the integrator's is one of many.
            models.UniqueConstraint(fields=["client", "external_id"], name="order_once_per_external_id")
        ]
        indexes = [
            models.Index(fields=["work_due_at"], condition=Q(work_due_at__isnull=False), name="order_due"),
            models.Index(fields=["expires_at"], condition=Q(closed_at__isnull=True), name="order_open_until"),
            models.Index(fields=["client", "closed_at"], condition=Q(bare=True), name="order_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"

    @property
    def digits(self) -> str:
        """The first eight hex digits of the binding."""
        return self.binding[:8]

    @cached_property
    def is_test(self) -> bool:
        """Whether it is a trial, as its trail says from the start on: its client may have been moved meanwhile."""
        created = Entry.objects.filter(trail=self.trail_id, kind=EnvelopeCreated.kind).order_by("seq").first()
        if created is None:
            return self.client.is_test
        return bool(chain.members(bytes(created.canonical))["data"].get("environment") == "sandbox")

    def move_to(self, status: OrderStatus, **changes: object) -> None:
        """Change the status where the table allows it and the row still is where we read it; raises `OrderMoved`."""
        if status not in ORDER_TRANSITIONS[OrderStatus(self.status)]:
            raise OrderMoved(f"order {self.pk}: no way from {self.status} to {status}")
        held = Order.objects.filter(pk=self.pk, status=self.status, owner=self.owner, attempt=self.attempt)
        if not held.update(status=status, **changes):
            raise OrderMoved(f"order {self.pk} is no longer {self.status}, or held by another")
        changed(self, status=status, **changes)

    def claim(self, *, owner: str, at: datetime) -> bool:
        """Take the order for signing; False where another has it, or had it since we read it, or it has ended."""
        if self.status not in {OrderStatus.VALIDATED, OrderStatus.GENERATED}:
            return False
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
        claim = {
            "owner": owner,
            "attempt": self.attempt + 1,
            "lease_until": at + timedelta(seconds=durations.lease_seconds(self.requests.count())),
        }
        if not Order.objects.filter(free, pk=self.pk, status=self.status, attempt=self.attempt).update(**claim):
            return False
        changed(self, **claim)
        return True

    def hold(self) -> None:
        """Lock the row in the caller's transaction; raises `OrderMoved` where it is not as this claim left it."""
        held = Order.objects.select_for_update().filter(
            pk=self.pk, status=self.status, owner=self.owner, attempt=self.attempt
        )
        if held.values_list("pk").first() is None:
            raise OrderMoved(f"order {self.pk} is no longer {self.status}, or held by another")

    def release(self) -> None:
        """Give a claim back, so that the next try need not wait for the lease; a claim lost meanwhile is left alone."""
        Order.objects.filter(pk=self.pk, owner=self.owner, attempt=self.attempt).update(lease_until=None)


def changed(row: models.Model, **values: object) -> None:
    """Let a row in memory say what has just been written to it; reading it again would cost as much as the change."""
    for name, value in values.items():
        setattr(row, name, value)


class SignatureRequest(models.Model):
    """One document in an order; at most one signature is ever kept for it."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="requests")
    document = models.CharField(max_length=64, help_text=_("id de la pièce chez l’appelant"))
    n = models.PositiveSmallIntegerField()
    presented_sha256 = models.CharField(max_length=64)
    presented_size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField()
    stamp = models.JSONField(null=True, blank=True, help_text="the visible signature, see signing.backend.stamps")
    level = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Level], default=Level.LTA)
    digest = models.CharField(max_length=8, choices=[(each, each) for each in DIGESTS], default=DIGESTS[0])
    external_id = models.CharField(  # noqa: DJ001 - NULL is never the same as NULL, "" would be
        max_length=200, null=True, blank=True, help_text="the integrator's own id"
    )
    archive = models.JSONField(null=True, blank=True, help_text="accounts and search words, where a deposit is asked")
    reason = models.CharField(max_length=200, blank=True, help_text="why it failed, for people")
    status = models.CharField(
        max_length=24, choices=[(each.value, each.value) for each in RequestStatus], default=RequestStatus.SIGN_CREATED
    )
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("demande de signature")
        verbose_name_plural = _("demandes de signature")
        constraints = [
            models.UniqueConstraint(fields=["order", "document"], name="request_once_per_document"),
            models.CheckConstraint(
                name="request_signed_has_file",
                condition=~Q(status="SIGNED") | (~Q(sha256="") & Q(signed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.n} {self.status}"

    @property
    def path(self) -> Path:
        """The signed file."""
        return files.path_of(self.sha256)

    def move_to(self, status: RequestStatus, **changes: object) -> None:
        """Change the status where the table allows it; raises `OrderMoved`."""
        if status not in REQUEST_TRANSITIONS[RequestStatus(self.status)]:
            raise OrderMoved(f"request {self.pk}: no way from {self.status} to {status}")
        if not SignatureRequest.objects.filter(pk=self.pk, status=self.status).update(status=status, **changes):
            raise OrderMoved(f"request {self.pk} is no longer {self.status}")
        changed(self, status=status, **changes)


class Certificate(models.Model):
    """A one-use certificate: its serial is stored before it is signed, at most one lives per order."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="certificates")
    serial = models.CharField(max_length=40, unique=True, help_text=_("hexadécimal, minuscules"))
    state = models.CharField(
        max_length=12, choices=[(each.value, each.value) for each in CertificateState], default=CertificateState.PLANNED
    )
    planned_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("certificat")
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=~Q(state="ABANDONED"), name="certificate_one_living_per_order"
            ),
            models.CheckConstraint(
                name="certificate_abandoned_is_revoked", condition=~Q(state="ABANDONED") | Q(revoked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.serial} {self.state}"

    def move_to(self, state: CertificateState, **changes: object) -> None:
        """Change the state where the table allows it; raises `OrderMoved`."""
        if state not in CERTIFICATE_TRANSITIONS[CertificateState(self.state)]:
            raise OrderMoved(f"certificate {self.serial}: no way from {self.state} to {state}")
        if not Certificate.objects.filter(pk=self.pk, state=self.state).update(state=state, **changes):
            raise OrderMoved(f"certificate {self.serial} is no longer {self.state}")
        changed(self, state=state, **changes)
