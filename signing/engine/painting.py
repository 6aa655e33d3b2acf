"""Pictures of pages, for browsers that draw no PDF: asked of a child process, two at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

_HOME = Path(__file__).resolve().parents[2]
_WALL_SECONDS = 30
_AT_ONCE = threading.BoundedSemaphore(2)


class NotDrawn(Exception):
    """This page could not be drawn within the limits."""


def picture(source: Path, *, page: int) -> bytes:
    """Page `page` (1 is the first) of a PDF as WebP, with what its annotations and fields show.

    Raises `NotDrawn`. Not checked: that the page looks as in another program; PDFium draws it, as Chromium does.
    """
    command = [sys.executable, "-m", "signing.engine.painter", str(source.resolve()), str(page)]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    with _AT_ONCE:
        try:
            drawn = subprocess.run(
                command,
                cwd=_HOME,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=True,
                timeout=_WALL_SECONDS,
            )
        except subprocess.SubprocessError as error:
            raise NotDrawn(f"page {page}") from error
    return drawn.stdout
