"""Drafts that nobody sent: they go, with all that was typed and handed over."""

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from evidence import sweeps
from signing.models import Draft


def forget(at: datetime) -> None:
    """Drop drafts whose time has passed, and folders that a crash left without their draft."""
    free = Q(sending_until__isnull=True) | Q(sending_until__lte=at)
    sweeps.each(Draft.objects.filter(free, expires_at__lte=at), _drop, job="forget draft")
    folder = Path(settings.DRAFTS_DIR)
    left = {each.name for each in folder.iterdir()} if folder.is_dir() else set()
    if left:
        known = {str(public_id) for public_id in Draft.objects.values_list("public_id", flat=True)}
        for name in left - known:
            shutil.rmtree(folder / name, ignore_errors=True)


def _drop(draft: Draft) -> None:
    """The row first: of files that a crash leaves without it, the next sweep knows that they are nobody's."""
    draft.delete()
    transaction.on_commit(draft.remove_files)
