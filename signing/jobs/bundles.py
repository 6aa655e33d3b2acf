"""Putting a bundle together: envelope by envelope, so that its page can tell how far it is."""

import logging
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, cast

from django.conf import settings
from django.db import transaction

from evidence import addenda, disk, events, files, looks, sweeps, trail
from evidence.bell import Next
from evidence.dossier.container import container
from evidence.models import Dossier
from evidence.trail import Actor
from signing.models import Bundle, Envelope

logger = logging.getLogger("paraphe.bundles")
TASK = "signing.tasks.bundle"
TURN_SECONDS = 20.0  # then somebody else's work may come between; well within a lease and a task's time
BATCH = 20


def make(bundle_id: str, *, owner: str, clock: Callable[[], datetime]) -> list[Next]:
    """Go on with a bundle for a while; what follows is its next turn. What a worker that died wrote is begun anew."""
    known = Bundle.objects.filter(public_id=bundle_id).first()
    row = Bundle.claim(bundle_id, owner=owner, at=clock())
    if row is None or known is None:
        return []
    if row.attempt > settings.MAX_ATTEMPTS and known.owner:
        row.mine().update(state=Bundle.State.FAILED, lease_until=None)
        logger.error("bundle failed", extra={"row": bundle_id, "attempt": row.attempt})
        return []
    start = 0 if known.owner else row.done
    if start == 0:
        row.remove_files()
    end = time.monotonic() + TURN_SECONDS
    mode: Literal["a", "w"] = "a" if start else "w"
    disk.folder(Path(settings.BUNDLES_DIR), mode=0o700)
    with zipfile.ZipFile(row.unfinished, mode, zipfile.ZIP_STORED) as archive:
        for n, envelope in enumerate(row.envelopes.order_by("pk")[start:], start=start + 1):
            taken = _add(archive, envelope)
            if not _told(row, envelope, taken, done=n, at=clock()):
                return []
            if time.monotonic() > end and n < row.total:
                break
        else:
            n = row.total
    return _finish(row) if n == row.total else _pause(row, at=clock())


def sweep(at: datetime) -> list[Next]:
    """Bundles that are due and held by nobody."""
    found = Bundle.objects.filter(Bundle.free(at)).order_by("due_at").values_list("public_id", flat=True)[:BATCH]
    return [Next(TASK, {"bundle_id": str(each)}) for each in found]


def forget(at: datetime) -> None:
    """Remove the bundles whose day has passed."""
    sweeps.each(Bundle.objects.filter(expires_at__lte=at).order_by("?")[:BATCH], remove, job="forget bundle")


def remove(row: Bundle) -> None:
    """The row first: a worker that still writes finds that it holds nothing any more."""
    row.delete()
    transaction.on_commit(row.remove_files)


def _add(archive: zipfile.ZipFile, envelope: Envelope) -> list[Dossier]:
    """The sealed dossiers of one envelope; the documents are in their containers."""
    sealed = Dossier.objects.filter(trail=envelope.trail, state=Dossier.State.SEALED).order_by("requested_at", "pk")
    taken = list(sealed)
    numbers = {str(signer.public_id): signer.n for signer in envelope.signers.all()}
    for row in taken:
        stem = f"{envelope.reference}/dossier-{envelope.reference}-{numbers.get(row.subject, 1)}"
        archive.write(files.path_of(row.pdf_sha256), f"{stem}.pdf")
        if row.sealing_sha256:
            _add_container(archive, f"{stem}.asice", row)
        else:
            archive.write(files.path_of(row.xml_sha256), f"{stem}.xml")
    return taken


def _add_container(archive: zipfile.ZipFile, name: str, row: Dossier) -> None:
    """Written apart first: into what cannot be gone back in, ZIP writes other octets, and it is to be the same."""
    folder = disk.folder(settings.WORK_DIR, mode=0o700)
    with tempfile.TemporaryFile(dir=folder) as whole, archive.open(name, "w", force_zip64=True) as target:
        container.write(row.sealing_sha256, whole, addenda=addenda.sealings(row))
        whole.seek(0)
        shutil.copyfileobj(whole, target, files.CHUNK)


def _told(row: Bundle, envelope: Envelope, taken: list[Dossier], *, done: int, at: datetime) -> bool:
    """How far it is, and in the trail who took each dossier, once; False where another holds the row."""
    actor = Actor(role=cast("Literal['client', 'operator']", row.role), login=row.user.get_username())
    with transaction.atomic():
        fresh = row.done < done
        lease = at + timedelta(seconds=settings.LEASE_SECONDS)
        if not row.mine().update(done=max(done, row.done), lease_until=lease):
            return False
        if fresh and taken:
            told = [(events.DossierDownloaded(signer=each.subject, form="asice"), at) for each in taken]
            trail.extend(envelope.trail, told, actor=actor)
            looks.looked(envelope.trail, [each.subject for each in taken], at=at)
    row.done = max(done, row.done)
    return True


def _pause(row: Bundle, *, at: datetime) -> list[Next]:
    """An owner that is empty says: what is written is whole, go on behind it."""
    row.mine().update(owner="", lease_until=None, due_at=at, attempt=0)
    return [Next(TASK, {"bundle_id": str(row.public_id)})]


def _finish(row: Bundle) -> list[Next]:
    """The file has its name before the row says so."""
    size = row.unfinished.stat().st_size
    row.unfinished.rename(row.path)
    if not row.mine().update(state=Bundle.State.READY, size=size, lease_until=None):
        row.remove_files()
    return []
