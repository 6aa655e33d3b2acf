"""The examination of a container in a child, under limits: a false one may ask for hours and gigabytes."""

from __future__ import annotations

import multiprocessing
import resource
import signal
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from cryptography import x509
from django.utils.translation import gettext

from evidence.verify import loop
from evidence.verify.claims import WORDS, Claim
from evidence.verify.loop import ContainerReport

MOST_SECONDS = 5.0
"""Of processor, from the first claim that is false; a sound one of a thousand addenda may take what it needs."""
MOST_MEMORY = 2 << 30
"""Bytes of memory that are neither shared nor of a file."""
_FORK = multiprocessing.get_context("fork")


def examine(
    path: Path,
    *,
    roots: Sequence[x509.Certificate],
    at: datetime,
    time_roots: Sequence[x509.Certificate] = (),
) -> ContainerReport:
    """What `loop.examine` says; once something is false, or memory is out, no longer than the limits allow.

    What was not examined then is a claim of its own (`loop.UNEXAMINED`), which does not hold.
    """
    ours, theirs = _FORK.Pipe(duplex=False)
    with loop.workplace() as folder:
        child = _FORK.Process(target=_judge, args=(theirs, path, folder, (roots, time_roots), at), daemon=True)
        child.start()
        theirs.close()
        claims: list[Claim] = []
        try:
            while not isinstance(found := ours.recv(), ContainerReport):
                claims.append(found)
        except EOFError:
            rest = Claim(loop.UNEXAMINED, None, loop.UNEXAMINED, gettext(WORDS["unexamined"]))
            found = loop.said(path, [*claims, rest])
        child.join()
    return found


def _judge(
    told: Connection,
    path: Path,
    folder: Path,
    roots: tuple[Sequence[x509.Certificate], Sequence[x509.Certificate]],
    at: datetime,
) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))

    def tell(claim: Claim) -> None:
        told.send(claim)
        if claim.code not in {"", "issuer_unknown"} and not signal.getitimer(signal.ITIMER_PROF)[0]:
            signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)  # SIGPROF ends it, whatever is under way

    with suppress(MemoryError):
        told.send(loop.judge(path, folder, roots=roots, at=at, told=tell))
