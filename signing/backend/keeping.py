"""How long bare orders and codes alone are kept, and what goes of an order's rows when its trail is eliminated."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from evidence.archive import elimination, rules
from evidence.archive.tenants import Tenant
from evidence.models import Deposit, Dossier, LegalHold, Trail
from otp.models import Code, Guard, Message, Try
from signing.backend.models import Challenge, Order, SignatureRequest
from signing.clients.models import Client

BATCH = 50
CODES = 10_000
GONE = "(effacé)"


def sweep(at: datetime) -> int:
    """Ask for the elimination of orders that came over REST and have been kept long enough; gives how many."""
    asked = 0
    trails = OuterRef("trail_id")
    signed_here = Exists(SignatureRequest.objects.filter(order=OuterRef("pk")).exclude(sha256=""))
    held = Exists(LegalHold.objects.filter(trail=trails, lifted_at__isnull=True))
    unsealed = Exists(Dossier.objects.filter(trail=trails).exclude(state=Dossier.State.SEALED))
    waiting = Exists(Deposit.objects.filter(trail=trails, state=Deposit.State.QUEUED))
    for client in Client.objects.all():
        closed = Order.objects.filter(client=client, bare=True, trail__elimination__isnull=True)
        free = closed.filter(~held, ~unsealed, ~waiting).select_related("trail").order_by("closed_at")
        for signed, years in ((True, client.retention_years), (False, client.retention_unsigned_years)):
            rows = free.filter(
                signed_here if signed else ~signed_here, closed_at__lte=elimination.years_before(at, years)
            )
            asked += rules.apply(rows[:BATCH], signed=signed, years=years, at=at)
    return asked


def forget_codes(at: datetime) -> int:
    """Delete codes alone that were asked for CODES_ALONE_DAYS ago, with what is known of their owners; gives how many.

    What an owner is called follows from the contact, so nothing under it stays: codes, tries, messages, failures.
    """
    before = at - timedelta(days=settings.CODES_ALONE_DAYS)
    old = Challenge.objects.filter(created_at__lte=before).exclude(state=Challenge.State.WAITING)
    rows = dict(old.order_by("created_at").values_list("pk", "owner")[:CODES])
    owners = set(rows.values())
    with transaction.atomic():
        forgotten, _ = Challenge.objects.filter(pk__in=rows).delete()
        kept = set(Challenge.objects.filter(owner__in=owners).values_list("owner", flat=True))
        _forget_rows(kept, before)
        # Of the last code a row may be younger than its asking; one from now is of somebody who asks anew meanwhile.
        _forget_rows(owners - kept, before + (at - before) / 2)
        Guard.objects.filter(owner__in=owners - kept).delete()
    return forgotten


def _forget_rows(owners: set[str], before: datetime) -> None:
    Code.objects.filter(owner__in=owners, issued_at__lte=before).delete()
    Try.objects.filter(owner__in=owners, judged_at__lte=before).delete()
    Message.objects.filter(owner__in=owners, created_at__lte=before).delete()


def erase(trail: Trail, _at: datetime) -> None:
    """Take the person out of the orders of a trail, bare ones and those of a path."""
    orders = Order.objects.filter(trail=trail)
    SignatureRequest.objects.filter(order__in=orders).update(archive=None, external_id=None)
    orders.update(
        first_name="",
        last_name=GONE,
        email="",
        mobile="",
        contact="",
        external_id=None,
        body_sha256="",
        callback_url="",
    )


def needs(trail: Trail, sha256s: set[str]) -> set[str]:
    """Files of other orders, as they were presented or signed."""
    rows = SignatureRequest.objects.filter(order__trail__elimination__isnull=True).exclude(order__trail=trail)
    presented = rows.filter(presented_sha256__in=sha256s).values_list("presented_sha256", flat=True)
    signed = rows.filter(sha256__in=sha256s).values_list("sha256", flat=True)
    return {*presented, *signed}


TENANT = Tenant(erase=erase, needs=needs)
