"""What a process leaves on disk that is killed in the middle: its working folder, the start of a file."""

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

from evidence import files


def clear(at: datetime) -> None:
    """Remove what nobody has touched for LEFTOVER_SECONDS, which is longer than any task or request may take."""
    before = at.timestamp() - settings.LEFTOVER_SECONDS
    files.drop_unfinished(before=before)
    for left in Path(settings.WORK_DIR).glob("*"):
        with suppress(FileNotFoundError):  # whose it is has just ended, and has cleared it
            if left.stat().st_mtime < before:
                shutil.rmtree(left, ignore_errors=True)
