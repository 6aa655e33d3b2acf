"""Paths in the midst of their signature, and a worker that takes up one of them."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from signing.actions import signature
from signing.models import Signer
from tests.signing import walks

TWO = (walks.CAMILLE, walks.CAMILLE)


def run(job: Any, signer: Signer, **seconds: float) -> None:
    """Call a job as a worker would, at a moment so many seconds from now."""
    moment = now() + timedelta(**seconds)
    job(str(signer.public_id), owner="worker", clock=lambda: moment)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def submitted(created: Any, n: int, *, right: bool = True) -> Signer:
    """A path that is SIGNING, its work not yet done."""
    signer, code = walks.with_code(created, n)
    signature.submit_code(signer=signer, code=code if right else wrong(code), actor=walks.actor(), at=now())
    return walks.fresh(signer)


def both_submitted(created: Any) -> list[Signer]:
    """Two paths that are SIGNING, neither worked on."""
    typed = [walks.with_code(created, n) for n in (1, 2)]
    for signer, code in typed:
        signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    return [walks.fresh(signer) for signer, _ in typed]


def refused(created: Any, n: int) -> Signer:
    signer = walks.opened(created, n)
    return signature.refuse(signer=signer, choice="content", reason="", actor=walks.actor(), at=now())
