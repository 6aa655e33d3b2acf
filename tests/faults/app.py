"""The Celery application of the fault tests (`celery -A tests.faults.app worker`): the product's, with traps in it.

A trap is a file that a test makes (see traps); without one, all runs as in production, except that no dossier is
sealed: sealing takes longer than the leases of these tests.
"""

import ctypes
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import django
from celery.signals import worker_init, worker_ready

from config.celery import app, load_what_draws

django.setup()
worker_init.disconnect(load_what_draws)  # killed and started again by every other test, and nothing is drawn here

from evidence import files, jobs, timestamps
from otp import codes
from signing.backend import signatures
from signing.backend.models import Order, SignatureRequest
from signing.engine import pades
from signing.engine.keys import OneUseKey
from signing.jobs import outcomes
from tests.dumps import is_private
from tests.faults import traps

__all__ = ["app"]

_key_used = False


def _claimed(order: Order | None) -> None:
    global _key_used  # noqa: PLW0603 - one task at a time in one process
    _key_used = False
    if order is not None:
        traps.kill_group("claim")


def _used(_value: object) -> None:
    global _key_used  # noqa: PLW0603 - one task at a time in one process
    _key_used = True
    traps.kill_group("signature")


def _once_used(point: str) -> Any:
    """A step that counts only once the one-use key has signed: pyHanko asks for a token beforehand to measure it."""
    return lambda *_arguments: traps.kill_group(point) if _key_used else None


def _tell_secret(key: OneUseKey | None) -> None:
    """Write the secret number of a new key where the test asks for it: outside of everything that it then searches."""
    place = traps.content("secret")
    if place and key is not None:
        assert key._secret is not None
        number = key._secret.private_numbers().private_value
        Path(place).write_text(f"{number} {key.spki_sha256} {is_private()}")


def _poison(*_arguments: Any, reason: str, **_keywords: Any) -> None:
    """What a document can do to the process that signs it."""
    for line in traps.content("poison").splitlines():
        how, reference = line.split()
        if reference in reason:
            _suffer(how)


def _suffer(how: str) -> None:
    if how == "crash":
        ctypes.string_at(0)
    if how == "killed":  # what the kernel does where memory is short
        os.kill(os.getpid(), signal.SIGKILL)
    raise MemoryError


def _hang(*_arguments: Any, **_keywords: Any) -> None:
    """A task that does not end: the soft limit gets it out; with `deaf` only the hard one does."""
    if traps.step("hang"):
        signal.pause()
    if traps.step("deaf"):
        while True:
            with suppress(Exception):
                signal.pause()


for owner, name, point in (
    (codes, "judge", "verdict"),
    (signatures, "_planned", "serial"),
    (signatures, "_certify", "certificate"),
    (SignatureRequest, "move_to", "before-commit"),
    (signatures, "_commit", "after-commit"),
    (outcomes, "signed", "path"),
):
    traps.after(owner, name, lambda _given, point=point: traps.kill_group(point))  # type: ignore[misc]  # binds the loop's
traps.after(Order, "claim", _claimed)
traps.after(OneUseKey, "sign", _used)
traps.after(OneUseKey, "generate", _tell_secret)
traps.after(timestamps.LocalAuthority, "answer", _once_used("timestamp"))
traps.before(files, "_settle", _once_used("half-blob"))
traps.after(files, "take", _once_used("blob"))
traps.before(pades, "sign_pdf", _poison)
traps.before(pades, "sign_pdf", _hang)
jobs.seal_dossier = lambda *_arguments, **_keywords: []


@worker_ready.connect
def tell(**_signal: object) -> None:
    """Tell the test that this worker takes tasks."""
    Path(os.environ["READY_FILE"]).touch()
