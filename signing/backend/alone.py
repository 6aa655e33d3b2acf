"""Codes that stand alone: asked for by a client, minted and sent by a worker, judged once.

Each is kept as a row with its contact and what became of it; there is no document, so no trail and no dossier.
"""

import hashlib
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import rfc8785
from django.conf import settings
from django.db import IntegrityError, transaction

from evidence import bell
from evidence.bell import Next
from otp import codes, messages
from otp.alarms import Aim
from otp.delivery import Mail, Sms
from otp.judging import Judgement, Verdict
from otp.models import Channel, Code, Message
from signing.backend import jobs
from signing.backend.challenges import Challenge, Taken
from signing.backend.letters import alone_message, give_back, spend
from signing.clients.models import Client

logger = logging.getLogger("paraphe.orders")

Clock = Callable[[], datetime]
FAILURES_LAST = timedelta(days=1)


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
    """Have a code sent; the same id of the integrator's gives the same one, sent anew only where it did not go out.

    Raises `Clash`, `codes.TooSoon`, `codes.Locked`.
    """
    told = {"channel": wanted.channel, "contact": wanted.contact, "application": wanted.application}
    digest = hashlib.sha256(rfc8785.dumps(told)).hexdigest()
    known = _known(client, wanted, digest)
    if known is not None and known.state != Challenge.State.FAILED:
        return known
    owner = Challenge.owner_of(client, wanted.contact)
    codes.forgive(owner=owner, before=at - FAILURES_LAST)
    codes.check_send(owner=owner, policy=client.policy, at=at)
    if known is not None:
        return _again(known, owner=owner, at=at)
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
    codes.forgive(owner=challenge.owner, before=at - FAILURES_LAST)
    codes.check_unlocked(owner=challenge.owner)
    newest = Code.objects.filter(owner=challenge.owner).order_by("-n").values_list("n", flat=True).first()
    again = challenge.state == Challenge.State.VERIFIED and not challenge.client.policy.single_use
    if not (challenge.state == Challenge.State.SENT or again) or newest != challenge.n:
        raise codes.Gone(challenge.n)

    def record(judgement: Judgement) -> None:
        if judgement.verdict == Verdict.ACCEPTED:
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

    An SMS of this row that a dead worker had in hand may have gone out: it counts as sent, and its code still is good.
    What another row has in hand for the same contact is that row's.
    """
    row = Challenge.claim(challenge_id, at=clock())
    if row is None:
        return []
    left = messages.left_in_hand(owner=row.owner, kind="code", n=row.n)
    if left is not None:
        messages.record(left, messages.Outcome(Message.Outcome.SENT, row.contact, certain=False), at=clock())
        _sent(row, Code.objects.get(owner=row.owner, n=left.n))
        return []
    if row.attempts > settings.MAX_ATTEMPTS:
        row.settle(
            Challenge.State.FAILED, trouble=Challenge.Trouble.NOT_SENT
        )  # its workers died of it, and nobody told
        logger.error("code alone given up", extra={"row": challenge_id, "attempt": row.attempts})
        return []
    at = clock()
    try:
        issued, message = _made(row, at)
    except codes.Capped:
        trouble = Challenge.Trouble.CAPPED
    except codes.TooSoon:
        trouble = Challenge.Trouble.TOO_SOON
    except codes.Locked:
        trouble = Challenge.Trouble.LOCKED
    except Taken:  # this worker was slower than its lease
        return []
    except Exception:  # whatever it is that keeps a message from being made: the row ends
        logger.exception("code alone not made", extra={"row": challenge_id})
        trouble = Challenge.Trouble.NOT_SENT
    else:
        _hand_over(row, issued, message, spent_at=at, clock=clock)
        return []
    row.settle(Challenge.State.FAILED, trouble=trouble)
    return []


def _made(row: Challenge, at: datetime) -> tuple[codes.Issued, Mail | Sms]:
    """A code and its message, counted against the caps, the row's own from now on: all or none."""
    codes.forgive(owner=row.owner, before=at - FAILURES_LAST)
    with transaction.atomic():
        aim = Aim(str(row.client_id), row.channel, row.contact)
        issued = codes.issue(owner=row.owner, binding=row.binding, policy=row.client.policy, at=at, aim=aim)
        message = alone_message(row, issued)
        spend(row, message, at)
        row.begin(issued.n)
    return issued, message


def _hand_over(row: Challenge, issued: codes.Issued, message: Mail | Sms, *, spent_at: datetime, clock: Clock) -> None:
    claimed = messages.begin(
        owner=row.owner,
        kind="code",
        channel=Channel(row.channel),
        by=f"alone-{row.pk}-{row.attempts}",
        at=clock(),
        n=issued.n,
        until=row.due_at,
    )
    if claimed is None:
        return
    outcome = messages.attempt(lambda: replace(message, reference=str(claimed.pk)))
    if outcome.is_untaken:
        give_back(row, message, spent_at)
    if not messages.record(claimed, messages.final(outcome), at=clock()):
        return
    if outcome.state == Message.Outcome.SENT:
        _sent(row, issued)
    else:
        bounced = outcome.state == Message.Outcome.BOUNCED
        row.settle(Challenge.State.FAILED, trouble=Challenge.Trouble.BOUNCED if bounced else Challenge.Trouble.NOT_SENT)


def _sent(row: Challenge, code: Code | codes.Issued) -> None:
    row.settle(Challenge.State.SENT, n=code.n, valid_until=code.valid_until)


def _again(row: Challenge, *, owner: str, at: datetime) -> Challenge:
    """Have one tried anew of which nothing went out: what kept it from going may be over.

    One whose SMS may have gone out is SENT and not FAILED, and so does not come here.
    """
    with transaction.atomic():
        anew = {"owner": owner, "n": 0, "trouble": "", "attempts": 0, "due_at": at, "created_at": at}
        row.settle(Challenge.State.WAITING, **anew)
        bell.ring(Next(jobs.SEND_ALONE, {"challenge_id": str(row.pk)}))
    return row


def _known(client: Client, wanted: Wanted, digest: str) -> Challenge | None:
    if wanted.external_id is None:
        return None
    found = Challenge.objects.filter(client=client, external_id=wanted.external_id).first()
    if found is not None and found.body_sha256 != digest:
        raise Clash
    return found
