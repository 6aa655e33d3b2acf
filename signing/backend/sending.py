"""Sending an order's code: issued and written down, handed to a carrier, and what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from evidence import addenda, bell, chain, events, trail
from otp import caps, codes, messages, reports
from otp.alarms import Aim
from otp.delivery import Mail, Sms
from otp.models import Channel, Code, Message
from signing.backend.letters import code_message, give_back, masked, spend
from signing.backend.models import Order, OrderMoved, changed
from signing.backend.orders import ENDED_ORDERS, Clock, channel_name, code_owner
from signing.backend.states import OrderStatus


class Undelivered(Exception):
    """The message with the code was refused for good."""


class NotHandedOver(Exception):
    """The message could not be handed over this time."""


@dataclass(frozen=True)
class CodeSent:
    """A code that went out: channel, masked contact, the instants that matter; not `certain` where nobody answered."""

    channel: str
    masked: str
    at: datetime
    valid_until: datetime
    resend_at: datetime
    tries: int
    certain: bool = True


def send_code(order: Order, *, clock: Clock) -> CodeSent:
    """Issue a code and send it. Raises `codes.TooSoon` (`Capped`), `codes.Locked`, `Undelivered`, `NotHandedOver`,
    and whatever a mail library raises that is no answer of a server.

    The code lives in this call only. A message that was not handed over is not repeated with the same code: the next
    call makes a new one. An SMS that may have gone out is not followed by another before somebody asks for one.
    """
    policy = order.client.policy
    at = clock()
    try:
        caps.check(policy=policy, channel=order.channel, contact=order.contact)
    except caps.NotAllowed as error:
        raise Undelivered from error
    left = messages.left_in_hand(owner=code_owner(order), kind="code")
    if left is not None:
        return _taken_for_sent(order, left, at)
    with transaction.atomic():
        codes.hold(owner=code_owner(order))  # before the order, as everybody does
        held = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
        changed(order, binding=held.binding)  # documents were added since this worker took the order
        aim = Aim(str(order.client_id), order.channel, order.contact)
        issued = codes.issue(owner=code_owner(order), binding=order.binding, policy=policy, at=at, aim=aim)
        message = code_message(order, issued)
        spend(order, message, at)
        trail.append(
            order.trail,
            events.CodeIssued(
                signer=order.signer,
                n=issued.n,
                channel=channel_name(order),
                length=policy.length,
                tries=issued.tries,
                valid_until=chain.instant(issued.valid_until),
                binding=order.binding or None,
                digits=order.digits or None,
            ),
            actor=trail.SYSTEM,
            at=at,
        )
    certain = _hand_over(order, message, n=issued.n, spent_at=at, clock=clock)
    resend_at = codes.next_send_at(owner=code_owner(order), policy=policy, at=at)
    return CodeSent(order.channel, masked(order), clock(), issued.valid_until, resend_at, issued.tries, certain)


def is_code_lost(order: Order) -> bool:
    """Whether the newest code's message was given back; a report that is being written is waited for."""
    with transaction.atomic():
        sent = Message.objects.select_for_update().filter(owner=code_owner(order), kind="code").order_by("-n")
        newest = sent.first()
    return newest is not None and newest.report == Message.Report.FAILED


def _hand_over(order: Order, message: Mail | Sms, *, n: int, spent_at: datetime, clock: Clock) -> bool:
    """Send the message with code number `n`, counted at `spent_at`; gives whether its carrier answered."""
    claimed = messages.begin(
        owner=code_owner(order), kind="code", channel=Channel(order.channel), by=f"code-{n}", at=clock(), n=n
    )
    if claimed is None:
        raise NotHandedOver("the message is another's")
    outcome = messages.attempt(lambda: replace(message, reference=str(claimed.pk)))
    sent = outcome.state == Message.Outcome.SENT
    event = _of_sent(order, n, outcome) if sent else _of_undelivered(order, n, outcome)
    if outcome.is_untaken:
        give_back(order, message, spent_at)
    _settle(order, claimed, outcome, event, clock())
    if sent and messages.has_failed(claimed):  # a report may be quicker than the answer
        raise Undelivered
    if not sent and outcome.error is not None:
        raise outcome.error  # a failure of its worker, who counts those; a server that is not there is waited for
    if not sent:
        raise Undelivered if outcome.state == Message.Outcome.BOUNCED else NotHandedOver
    return outcome.certain


def _taken_for_sent(order: Order, left: Message, at: datetime) -> CodeSent:
    """Settle the SMS that a worker had in hand when it died: it may have gone out, and its code still counts."""
    code = Code.objects.get(owner=code_owner(order), n=left.n)
    outcome = messages.Outcome(Message.Outcome.SENT, order.contact, certain=False)
    _settle(order, left, outcome, _of_sent(order, left.n, outcome), at)
    resend_at = codes.next_send_at(owner=code_owner(order), policy=order.client.policy, at=at)
    return CodeSent(order.channel, masked(order), at, code.valid_until, resend_at, code.tries_left, certain=False)


def _settle(order: Order, claimed: Message, outcome: messages.Outcome, event: events.Event, at: datetime) -> None:
    """Write what became of a message, with its entry; raises `NotHandedOver` where another has settled it."""
    with transaction.atomic():
        if not messages.record(claimed, messages.final(outcome), at=at):
            raise NotHandedOver("another has settled the message")
        if outcome.state == Message.Outcome.SENT:
            _await_code(order)
        # The path may have ended, and its dossier been sealed, while a carrier had the message in hand.
        bell.ring(*addenda.tell(order.trail, order.signer, event, actor=trail.SYSTEM, at=at))
        reports.tell_early(claimed, at=at)


def _of_sent(order: Order, n: int, outcome: messages.Outcome) -> events.Event:
    return events.CodeSent(
        signer=order.signer,
        n=n,
        channel=channel_name(order),
        message_id=outcome.answer.message_id,
        answered=None if outcome.certain else False,
        recipient=outcome.recipient,
        answer=outcome.answer.text or None,
    )


def _of_undelivered(order: Order, n: int, outcome: messages.Outcome) -> events.Event:
    return events.CodeUndelivered(
        signer=order.signer,
        n=n,
        channel=channel_name(order),
        final=outcome.state == Message.Outcome.BOUNCED,
        recipient=outcome.recipient,
        answer=outcome.answer.text or None,
    )


def _await_code(order: Order) -> None:
    """A code went out. It did so also where the order has gone on or ended meanwhile: told, it changes no state."""
    try:
        order.move_to(OrderStatus.VALIDATION_WAITING)
    except OrderMoved:
        # The row in memory stays as this worker took it: by that it knows whether the order is still in its hands.
        status = Order.objects.values_list("status", flat=True).get(pk=order.pk)
        if status not in ENDED_ORDERS | {OrderStatus.VALIDATED, OrderStatus.GENERATED}:
            raise
