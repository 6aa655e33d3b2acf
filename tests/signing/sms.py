"""Codes by SMS in tests: the carriers that they meet, a path that asks for one, and what came of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.utils.timezone import now

from evidence import trail
from otp.delivery import Answer, NotNow, OutcomeUnknown, Sms
from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.jobs import paths
from signing.models import CodeChannel, Signer
from tests.signing import walks

BY_SMS = NewSigner("Camille", "Martin", "camille@exemple.fr", mobile="06 12 34 56 42", code_channel=CodeChannel.SMS)


class Silent:
    """A carrier that takes an SMS and never answers."""

    def send(self, _sms: Sms) -> Answer:
        raise OutcomeUnknown(Answer("", "TimeoutError"))


class Busy:
    """A carrier that surely took nothing."""

    def send(self, _sms: Sms) -> Answer:
        raise NotNow(Answer("", "503"))


class Noting:
    """A carrier that notes how long an SMS is of use."""

    lasts: ClassVar[list[int]] = []

    def send(self, sms: Sms) -> Answer:
        self.lasts.append(sms.lasts)
        return Answer("id", "taken")


def asked(walk: Path, signer: NewSigner = BY_SMS, **policy: int) -> Signer:
    """SIGNER was clicked, no worker has looked yet."""
    ready = walks.ready(walks.an_envelope(walk, client=walks.a_client("EXS", **policy), signers=(signer,)))
    return signature.click_sign(signer=ready, actor=walks.actor(), at=now())


def texts(walk: Path) -> list[str]:
    return [file.read_text() for file in sorted((walk / "mailbox").glob("*.sms.txt"))]


def run(signer: Signer, **later: float) -> None:
    moment = now() + timedelta(**later)
    paths.send_code(str(signer.public_id), owner="worker", clock=lambda: moment)


def told(signer: Signer, kind: str) -> list[dict[str, Any]]:
    return [entry.data for entry in trail.entries(signer.envelope.trail) if entry.kind == kind]
