"""The issuing CA's revocation list: renewed by the worker, numbered by the database, published as a file."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from evidence import addenda, bell, disk, events, files, trail
from signing.backend import authority
from signing.backend.models import Certificate, Order, RevocationList
from signing.backend.states import CertificateState, OrderStatus
from signing.engine.ca import Revoked

LIFE = timedelta(minutes=50)  # ends before the one-use certificate does: verifiers then take it for that time
FIRST_NUMBER = 2  # number 1 is the list the ceremony made


@dataclass(frozen=True)
class Current:
    """A revocation list in force: DER bytes, its number and dates, its digest among the files, when it was taken."""

    der: bytes
    number: int
    this_update: datetime
    next_update: datetime
    sha256: str
    taken_at: datetime


def current(at: datetime) -> Current:
    """A list not older than CRL_MAX_AGE_SECONDS, made now where there is none.

    EU DSS calls a one-use certificate indeterminate unless the embedded list's thisUpdate lies inside its validity;
    with notBefore one minute back, a list of at most thirty seconds always does (evidence.md, Certificates).
    """
    newest = RevocationList.objects.order_by("-number").first()
    fresh = at - timedelta(seconds=settings.CRL_MAX_AGE_SECONDS)
    if newest is None or newest.this_update < fresh:
        newest = renew(at)
    der = files.read(newest.sha256)
    return Current(der, newest.number, newest.this_update, newest.next_update, newest.sha256, at)


def in_force(at: datetime, *, left_seconds: int) -> RevocationList:
    """The newest list, and published where a dead worker did not.

    Renewed where it ends within `left_seconds`, and where a certificate was revoked since it was made.
    """
    newest = RevocationList.objects.order_by("-number").first()
    if newest is None or newest.next_update < at + timedelta(seconds=left_seconds):
        return renew(at)
    if Certificate.objects.filter(
        revoked_at__gte=newest.this_update, revoked_at__lt=at.replace(microsecond=0)
    ).exists():
        return renew(at)
    _publish()
    return newest


def renew(at: datetime) -> RevocationList:
    """Sign and publish a new list of the abandoned certificates; where two workers race, the other's is taken."""
    last = RevocationList.objects.order_by("-number").first()
    number = last.number + 1 if last else FIRST_NUMBER
    this_update = at.replace(microsecond=0)
    revoked = [
        Revoked(serial=int(row.serial, 16), revoked_at=row.revoked_at)
        for row in Certificate.objects.filter(state=CertificateState.ABANDONED)
        if row.revoked_at
    ]
    next_update = this_update + LIFE
    ca = authority.issuing()
    der = ca.revocation_list(number=number, this_update=this_update, next_update=next_update, revoked=revoked)
    sha256 = files.put_bytes(der)
    try:
        with transaction.atomic():
            made = RevocationList.objects.create(
                number=number, this_update=this_update, next_update=next_update, sha256=sha256
            )
    except IntegrityError:
        return RevocationList.objects.get(number=number)
    _publish()
    return made


def abandon_left(order: Order, at: datetime) -> None:
    """Abandon what a dead worker left of an order, inside the caller's transaction: it starts again as VALIDATED."""
    for left in order.certificates.exclude(state=CertificateState.ABANDONED):
        abandon(order, left, "worker lost", at)
    if order.status == OrderStatus.GENERATED:
        order.move_to(OrderStatus.VALIDATED)


def abandon(order: Order, certificate: Certificate, reason: str, at: datetime) -> None:
    """Give up a certificate whose key is gone: revoked from `at` on, and in every list from the next one."""
    certificate.move_to(CertificateState.ABANDONED, revoked_at=at)
    lost = events.CertificateAbandoned(signer=order.signer, serial=certificate.serial, reason=reason)
    bell.ring(*addenda.tell(order.trail, order.signer, lost, actor=trail.SYSTEM, at=at))


def _publish() -> None:
    """Put the newest list where everybody reads it; one worker at a time, so that the file never goes back."""
    folder = Path(settings.PKI_DIR)
    with disk.alone(folder):
        newest = RevocationList.objects.order_by("-number").first()
        if newest is not None:
            disk.write(folder / "issuing.crl", files.read(newest.sha256), mode=0o644)
