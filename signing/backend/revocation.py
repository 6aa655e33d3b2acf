"""The issuing CA's revocation list: renewed by the worker, numbered by the database, published as a file."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from evidence import files
from signing.backend import authority
from signing.backend.models import Certificate, RevocationList
from signing.backend.states import CertificateState
from signing.engine.ca import Revoked

LIFE = timedelta(minutes=50)  # ends before the one-use certificate does: verifiers then take it for that time
FIRST_NUMBER = 2  # number 1 is the list the ceremony made


@dataclass(frozen=True)
class Current:
    """A revocation list in force: DER bytes, its number and dates, and its digest among the files."""

    der: bytes
    number: int
    this_update: datetime
    next_update: datetime
    sha256: str


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
    return Current(der, newest.number, newest.this_update, newest.next_update, newest.sha256)


def in_force(at: datetime, *, left_seconds: int) -> RevocationList:
    """The newest list, renewed where it ends within `left_seconds`."""
    newest = RevocationList.objects.order_by("-number").first()
    if newest is None or newest.next_update < at + timedelta(seconds=left_seconds):
        return renew(at)
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
    _publish(der, Path(settings.PKI_DIR) / "issuing.crl")
    return made


def _publish(der: bytes, place: Path) -> None:
    """Replace the published file in one step: a reader sees the old list or the new one, never half of one."""
    temporary = place.with_suffix(f".{os.getpid()}.new")
    temporary.write_bytes(der)
    temporary.chmod(0o644)
    temporary.replace(place)
