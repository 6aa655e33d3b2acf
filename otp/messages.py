"""The outbox: one row per mail or SMS, claimed, sent, retried with back-off. What it says is composed by its owner."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from otp.delivery import Answer, Bounced, Mail, NotNow, OutcomeUnknown, Sms, send
from otp.models import Channel, Message

logger = logging.getLogger("paraphe.messages")

BACK_OFF = (5, 15, 60, 300, 900, 3600)  # seconds after the first, second, … failed attempt
GIVE_UP_AFTER = 10
MAIL_CODE_LEFT_FOR, SMS_CODE_LEFT_FOR = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt: sent, bounced for good, or to be tried again.

    `certain` False: it was handed over and nobody answered; an SMS then counts as sent and is not tried again. `error`:
    what a library raised that nobody expected, in place of an answer.
    """

    state: str
    recipient: str
    answer: Answer = field(default_factory=lambda: Answer(message_id="", text=""))
    certain: bool = True
    error: Exception | None = None

    @property
    def is_untaken(self) -> bool:
        """Whether surely nobody has it: it counts against no cap."""
        return self.state == Message.Outcome.WAITING and self.certain and self.error is None


def queue(
    *, owner: str, kind: str, channel: Channel, at: datetime, n: int = 1, due_at: datetime | None = None
) -> Message:
    """Put a message into the outbox, due now or later; the same owner, kind and n give the row that is there."""
    message, _ = Message.objects.get_or_create(
        owner=owner, kind=kind, n=n, defaults={"channel": channel, "due_at": due_at or at, "created_at": at}
    )
    return message


def begin(
    *, owner: str, kind: str, channel: Channel, by: str, at: datetime, n: int, until: datetime | None = None
) -> Message | None:
    """Put a message into the outbox in the hand of its sender; None where it is in the hand of another, or done.

    `until`: how long its sender has it, where that follows from a row of its own; else LEASE_SECONDS.
    """
    try:
        with transaction.atomic():
            return Message.objects.create(
                owner=owner,
                kind=kind,
                n=n,
                channel=channel,
                due_at=at,
                created_at=at,
                attempts=1,
                claimed_by=by,
                lease_until=until or at + timedelta(seconds=settings.LEASE_SECONDS),
            )
    except IntegrityError:  # a worker died between two steps: its row is there
        return claim(str(Message.objects.get(owner=owner, kind=kind, n=n).pk), by=by, at=at)


def claim(message_id: str, *, by: str, at: datetime) -> Message | None:
    """Take a due message for sending; None where it is not due, done, or held by another with a live lease.

    The attempt is counted now, for a worker that is killed cannot: `was_deadly` says when that is enough.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    taken = Message.objects.filter(free, pk=message_id, outcome=Message.Outcome.WAITING, due_at__lte=at).update(
        attempts=F("attempts") + 1, claimed_by=by, lease_until=at + timedelta(seconds=settings.LEASE_SECONDS)
    )
    return Message.objects.get(pk=message_id) if taken else None


def was_deadly(message: Message) -> bool:
    """Whether a claimed message has had all its attempts and is here again: of the last nobody told, for they died."""
    return message.attempts > GIVE_UP_AFTER


def attempt(compose: Callable[[], Mail | Sms]) -> Outcome:
    """Compose and hand over a claimed message, outside any transaction; an answer of a server is no exception.

    Nor is whatever else a library raises while it hands over: a mail then counts as not taken, an SMS as one that may
    have gone out. What `compose` raises is its caller's.
    """
    message = compose()
    try:
        answer = send(message)
    except Bounced as error:
        return Outcome(Message.Outcome.BOUNCED, message.recipient, error.answer)
    except NotNow as error:
        return Outcome(Message.Outcome.WAITING, message.recipient, error.answer, certain=error.certain)
    except OutcomeUnknown as error:
        return Outcome(Message.Outcome.SENT, message.recipient, error.answer, certain=False)
    except Exception as error:  # whatever it is, the row must go on to its next try, and end
        logger.exception("message not handed over")
        answer, is_sms = Answer(message_id="", text=type(error).__name__), isinstance(message, Sms)
        state = Message.Outcome.SENT if is_sms else Message.Outcome.WAITING
        return Outcome(state, message.recipient, answer, certain=not is_sms, error=error)
    return Outcome(Message.Outcome.SENT, message.recipient, answer)


def final(outcome: Outcome) -> Outcome:
    """The same outcome for a message that is not tried again as it is (a code: the next try makes a new one)."""
    return replace(outcome, state=Message.Outcome.DEAD) if outcome.state == Message.Outcome.WAITING else outcome


def settled(message: Message, outcome: Outcome) -> Outcome:
    """The outcome of this attempt as it is recorded: the last that is made gives the message up."""
    return final(outcome) if message.attempts >= GIVE_UP_AFTER else outcome


def record(message: Message, outcome: Outcome, *, at: datetime) -> bool:
    """Write an attempt's outcome into the row it was claimed by; False where the claim was lost meanwhile."""
    state = settled(message, outcome).state
    known = {"message_id": outcome.answer.message_id} if outcome.answer.message_id else {}  # a report may have told it
    wait = BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
    written = Message.objects.filter(pk=message.pk, claimed_by=message.claimed_by, attempts=message.attempts).update(
        outcome=state,
        claimed_by="",
        lease_until=None,
        due_at=at + timedelta(seconds=wait) if state == Message.Outcome.WAITING else message.due_at,
        sent_at=at if state == Message.Outcome.SENT else None,
        **known,
    )
    return written == 1


def left_in_hand(*, owner: str, kind: str, n: int | None = None) -> Message | None:
    """The SMS of this owner that somebody has claimed and not settled: whether it went out is not known. None: no such.

    For whoever took over the work of its sender, and for nobody else: the first of the two to `record` it has settled
    it. `n`: the one message of an owner whose messages are the work of several.
    """
    rows = Message.objects.filter(owner=owner, kind=kind, channel=Channel.SMS, outcome=Message.Outcome.WAITING)
    rows = rows if n is None else rows.filter(n=n)
    return rows.exclude(claimed_by="").order_by("-n").first()


def has_failed(message: Message) -> bool:
    """Whether it was told meanwhile that a message which was taken did not arrive."""
    return Message.objects.filter(pk=message.pk, report=Message.Report.FAILED).exists()


def drop(message: Message) -> None:
    """Give up a claimed message that nobody needs any more."""
    Message.objects.filter(pk=message.pk, claimed_by=message.claimed_by).update(
        outcome=Message.Outcome.DEAD, claimed_by="", lease_until=None
    )


def put_off(message: Message, *, until: datetime) -> None:
    """Give a claimed message back until later; that it could not go out yet is not held against it."""
    Message.objects.filter(pk=message.pk, claimed_by=message.claimed_by).update(
        attempts=F("attempts") - 1, claimed_by="", lease_until=None, due_at=until
    )


def revive(messages: QuerySet[Message], *, at: datetime) -> int:
    """Begin anew with letters that were given up, refused, or taken and given back; gives how many.

    What was told of them before counts no more. Codes stay: they are worth nothing now.
    """
    refused = Q(outcome__in=[Message.Outcome.DEAD, Message.Outcome.BOUNCED])
    given_back = Q(outcome=Message.Outcome.SENT, report=Message.Report.FAILED)
    return (
        messages.filter(refused | given_back)
        .exclude(kind="code")
        .update(
            outcome=Message.Outcome.WAITING,
            attempts=0,
            due_at=at,
            claimed_by="",
            lease_until=None,
            sent_at=None,
            report=Message.Report.NONE,
            reported_at=None,
        )
    )


def give_up_codes(at: datetime) -> None:
    """Give up the codes whose sender died and whom nobody followed: none is sent again.

    A mail once it counts for no hour any more (`otp.codes.next_send_at`); an SMS, which may have gone out, when a day
    has passed for whoever takes over its sender's work and settles it.
    """
    left = Q(channel=Channel.EMAIL, lease_until__lte=at - MAIL_CODE_LEFT_FOR)
    left |= Q(channel=Channel.SMS, lease_until__lte=at - SMS_CODE_LEFT_FOR)
    Message.objects.filter(left, kind="code", outcome=Message.Outcome.WAITING).update(
        outcome=Message.Outcome.DEAD, claimed_by="", lease_until=None
    )


def due(at: datetime, *, kinds: tuple[str, ...]) -> list[str]:
    """Ids of messages of these kinds that wait, are due and that nobody holds."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    rows = Message.objects.filter(free, outcome=Message.Outcome.WAITING, due_at__lte=at, kind__in=kinds)
    return [str(pk) for pk in rows.order_by("due_at").values_list("pk", flat=True)[:200]]


def beside(message_id: str, at: datetime, *, kinds: tuple[str, ...]) -> list[str]:
    """Ids of those that may be sent together with one that is to be sent: the due ones that nobody held.

    One whose worker has died goes alone, and so does not take others with it should it be what the worker died of.
    """
    left = Message.objects.filter(outcome=Message.Outcome.WAITING, lease_until__lte=at)
    if left.filter(pk=message_id).exists():
        return []
    orphans = {str(pk) for pk in left.values_list("pk", flat=True)}
    return [pk for pk in due(at, kinds=kinds) if pk not in orphans]
