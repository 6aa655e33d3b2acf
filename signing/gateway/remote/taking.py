"""Taking signed files from another CertSign: checked whole, kept under their digest, told in the trail, all or none."""

import hashlib
import logging
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from evidence import files
from evidence.verify import received, roots
from evidence.verify.failures import NotSound
from evidence.verify.received import Expected, Received
from signing.gateway.remote import bearers, entries
from signing.gateway.remote.troubles import NoAnswer, Trouble
from signing.models import RemoteOrder, RemoteRequest

logger = logging.getLogger("paraphe.remote")
ANOTHER, ANOTHER_HOLDER = "another_certificate", "another_holder"


class NotTaken(Exception):
    """A file came back that is not the signed document; `check` names what it failed."""

    def __init__(self, check: str) -> None:
        super().__init__(check)
        self.check = check


def take(order: RemoteOrder, contents: Mapping[RemoteRequest, bytes], *, at: datetime) -> None:
    """Check and keep the signed files of an order, in its order. Raises `NotTaken`; then nothing is kept.

    One certificate signs all documents of an order, none of another order, and names the order's holder.
    """
    taken = {request: _checked(order, request, content, at=at) for request, content in contents.items()}
    certificates = {each.issued.sha256 for each in taken.values()}
    others = RemoteOrder.objects.filter(certificate_sha256__in=certificates).exclude(pk=order.pk)
    if len(certificates) != 1 or others.exists():
        raise _refused(order, next(iter(taken)), contents, ANOTHER, at=at)
    for request, each in taken.items():
        request.sha256, request.size = files.put_bytes(contents[request]), len(contents[request])
        request.signed_at = each.proven
        entries.keep(each)
    try:
        _record(order, taken, certificates.pop(), at=at)
    except IntegrityError as error:  # another order took a file with the same certificate at this moment
        raise _refused(order, next(iter(taken)), contents, ANOTHER, at=at) from error


def _checked(order: RemoteOrder, request: RemoteRequest, content: bytes, *, at: datetime) -> Received:
    expected = Expected(
        presented_sha256=request.presented_sha256,
        presented_length=request.presented_size,
        handed_sha256=request.handed_sha256,
        handed_length=request.handed_size,
        page_count=request.pages,
    )
    work = Path(settings.WORK_DIR)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="received-") as folder:
        file = Path(folder) / "signed.pdf"
        file.write_bytes(content)
        try:
            found = received.check(file, expected, roots=trusted())
        except NotSound as error:
            raise _refused(order, request, {request: content}, error.check, at=at) from error
    named = bearers.is_named(order.name, found.issued.names)
    if named is None:
        logger.warning("holder not compared: another script", extra={"row": order.signer})
    elif not named:
        raise _refused(order, request, {request: content}, ANOTHER_HOLDER, at=at)
    return found


def trusted() -> tuple[roots.Certificate, ...]:
    """The roots that signatures and time stamps of the other service must lead to. Raises `NoAnswer`: unconfigured."""
    try:
        return roots.read_all(Path(settings.CERTSIGN["roots"]))
    except roots.NoCertificate as error:
        logger.exception("roots of the signing service not readable")
        raise NoAnswer(Trouble.UNCONFIGURED) from error


def _record(order: RemoteOrder, taken: Mapping[RemoteRequest, Received], certificate: str, *, at: datetime) -> None:
    """One transaction; a second worker that comes to it finds the order signed and changes nothing."""
    with transaction.atomic():
        first = RemoteOrder.objects.filter(pk=order.pk, signed_at=None)
        if not first.update(certificate_sha256=certificate, signed_at=at, word="CLOSED"):
            return
        order.refresh_from_db()
        for request in taken:
            request.save(update_fields=["sha256", "size", "signed_at"])
        entries.signed(order, taken, at=at)


def _refused(
    order: RemoteOrder, request: RemoteRequest, contents: Mapping[RemoteRequest, bytes], check: str, *, at: datetime
) -> NotTaken:
    """Alarm, and tell it once in the trail, however often the same file comes back."""
    logger.error("signed file not taken", extra={"row": order.signer, "label": check})
    sha256 = hashlib.sha256(contents[request]).hexdigest()
    with transaction.atomic():
        rows = RemoteRequest.objects.filter(pk=request.pk).exclude(rejected_sha256=sha256)
        if rows.update(rejected_sha256=sha256):
            entries.rejected(order, request, sha256=sha256, check=check, at=at)
    return NotTaken(check)
