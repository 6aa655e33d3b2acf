"""Codes that stand alone: asked for by a client, minted and sent by a worker, judged once.

Each is kept as a row with its contact and what became of it; there is no document, so no trail and no dossier.
"""

import hashlib
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import rfc8785
from django.conf import settings
from django.db import IntegrityError, transaction

from evidence import bell
from evidence.bell import Next
from otp import codes, messages
from otp.alarms import Aim
from otp.delivery import Mail, Sms
from otp.models import Channel, Code, Message
from signing.backend import jobs
from signing.backend.challenges import Challenge
from signing.backend.letters import alone_message, spend
from signing.clients.models import Client

logger = logging.getLogger("paraphe.orders")

Clock = Callable[[], datetime]


class Clash(Exception):
    """The integrator's id names another code already."""


@dataclass(frozen=True)
class Wanted:
    """A code that is asked for: where it goes, in whose name, and the integrator's own id."""

    channel: str
    contact: str
    application: str
    external_id: str | None


def ask(*, client: Client, wanted: Wanted, at: datetime) -> Challenge:
    """Have a code sent; the same id of the integrator's gives the same one.

    Raises `Clash`, `codes.TooSoon`, `codes.Locked`.
    """
    told = {"channel": wanted.channel, "contact": wanted.contact, "application": wanted.application}
    digest = hashlib.sha256(rfc8785.dumps(told)).hexdigest()
    known = _known(client, wanted, digest)
    if known is not None:
        return known
    owner = Challenge.owner_of(client, wanted.contact, at=at)
    codes.check_send(owner=owner, policy=client.policy, at=at)
    try:
        with transaction.atomic():
            made = Challenge.objects.create(
                client=client,
                owner=owner,
                external_id=wanted.external_id,
                body_sha256=digest,
                channel=wanted.channel,
                contact=wanted.contact,
                application=wanted.application,
                due_at=at,
                created_at=at,
            )
            bell.ring(Next(jobs.SEND_ALONE, {"challenge_id": str(made.pk)}))
    except IntegrityError:  # the same id, at the same moment
        known = _known(client, wanted, digest)
        if known is None:
            raise
        return known
    return made


def judge(*, challenge: Challenge, typed: str, at: datetime) -> Challenge:
    """Judge a typed code; accepted, the challenge is VERIFIED, and the code used up.

    Raises `codes.Wrong`, `NoTriesLeft`, `Locked`, and `Gone` for one that is used, over, or followed by a newer one.
    """
    live = Code.objects.filter(owner=challenge.owner, state=Code.State.LIVE).first()
    again = challenge.state == Challenge.State.VERIFIED and not challenge.client.policy.single_use
    if not (challenge.state == Challenge.State.SENT or again) or live is None or live.n != challenge.n:
        raise codes.Gone(challenge.n)

    def record(judgement: codes.Judgement) -> None:
        if judgement.verdict == codes.Verdict.ACCEPTED:
            challenge.settle(Challenge.State.VERIFIED, verified_at=at)

    codes.judge(
        owner=challenge.owner,
        binding=challenge.binding,
        typed=typed,
        try_id=uuid.uuid4().hex,
        policy=challenge.client.policy,
        at=at,
        record=record,
    )
    return challenge


def send(challenge_id: str, *, clock: Clock) -> list[Next]:
    """Mint a code and send it, as a worker. What keeps it from going out is told in `trouble`; it is not tried again.

    An SMS that a dead worker had in hand may have gone out: it counts as sent, and its code still is good.
    """
    row = Challenge.claim(challenge_id, at=clock())
    if row is None:
        return []
    left = messages.left_in_hand(owner=row.owner, kind="code")
    if row.attempts > settings.MAX_ATTEMPTS:
        row.settle(Challenge.State.FAILED, trouble="NOT_SENT")  # its workers died of it, and nobody told
        logger.error("code alone given up", extra={"row": challenge_id, "attempt": row.attempts})
        return []
    if left is not None:
        messages.record(left, messages.Outcome(Message.Outcome.SENT, row.contact, certain=False), at=clock())
        _sent(row, Code.objects.get(owner=row.owner, n=left.n))
        return []
    try:
        issued, message = _made(row, clock)
    except codes.Capped:
        trouble = "CAPPED"
    except codes.TooSoon:
        trouble = "TOO_SOON"
    except codes.Locked:
        trouble = "LOCKED"
    except Exception:  # whatever it is that keeps a message from being made: the row ends
        logger.exception("code alone not made", extra={"row": challenge_id})
        trouble = "NOT_SENT"
    else:
        _hand_over(row, issued, message, clock)
        return []
    row.settle(Challenge.State.FAILED, trouble=trouble)
    return []


def _made(row: Challenge, clock: Clock) -> tuple[codes.Issued, Mail | Sms]:
    """A code and its message, counted against the caps: both or none."""
    with transaction.atomic():
        aim = Aim(str(row.client_id), row.channel, row.contact)
        issued = codes.issue(owner=row.owner, binding=row.binding, policy=row.client.policy, at=clock(), aim=aim)
        message = alone_message(row, issued)
        spend(row, message, clock())
    return issued, message


def _hand_over(row: Challenge, issued: codes.Issued, message: Mail | Sms, clock: Clock) -> None:
    claimed = messages.begin(
        owner=row.owner, kind="code", channel=Channel(row.channel), by=f"code-{issued.n}", at=clock(), n=issued.n
    )
    if claimed is None:
        return
    outcome = messages.final(messages.attempt(lambda: replace(message, reference=str(claimed.pk))))
    if not messages.record(claimed, outcome, at=clock()):
        return
    if outcome.state == Message.Outcome.SENT:
        _sent(row, issued)
    else:
        bounced = outcome.state == Message.Outcome.BOUNCED
        row.settle(Challenge.State.FAILED, trouble="BOUNCED" if bounced else "NOT_SENT")


def _sent(row: Challenge, code: Code | codes.Issued) -> None:
    row.settle(Challenge.State.SENT, n=code.n, valid_until=code.valid_until)


def _known(client: Client, wanted: Wanted, digest: str) -> Challenge | None:
    if wanted.external_id is None:
        return None
    found = Challenge.objects.filter(client=client, external_id=wanted.external_id).first()
    if found is not None and found.body_sha256 != digest:
        raise Clash
    return found
