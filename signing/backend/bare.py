"""Orders that came over REST: what an integrator's calls do to them. The path is the client's; the trail is ours.

certsign-api.md. A bare order has a trail of its own, whose entries tell what the client ordered and what was done.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from evidence import bell, durations, events, trail
from evidence.bell import Next
from evidence.trail import Actor
from otp import codes
from signing.backend import added, binding, orders, room
from signing.backend.added import Added
from signing.backend.endings import OPEN, WrongState, end, give, lock_out, locked, tell
from signing.backend.models import Order, SignatureRequest, changed
from signing.backend.states import OrderStatus, RequestStatus

SEND_CODE, SIGN = "signing.backend.tasks.send_code", "signing.backend.tasks.sign_order"


class CodeNeeded(Exception):
    """The order asks for a code, and none was given."""


def check_open(order: Order, at: datetime) -> None:
    """Raise `WrongState` where an order takes no documents any more."""
    validated = order.otp and order.status == OrderStatus.VALIDATED  # its code was typed for the documents there are
    if not _is_open(order, at) or order.work == Order.Work.SIGN or validated:
        raise WrongState


def _check_goes_on(order: Order, at: datetime) -> None:
    """Raise `codes.Locked` where too many wrong codes have ended an order, `WrongState` where something else has."""
    if not _is_open(order, at):
        codes.check_unlocked(owner=orders.code_owner(order))
        raise WrongState


def _is_open(order: Order, at: datetime) -> bool:
    """Past its day an order is over, also where no sweeper has written so yet."""
    return order.status in OPEN and (order.expires_at is None or at < order.expires_at)


def add_documents(*, order: Order, documents: Sequence[Added], actor: Actor, at: datetime) -> list[SignatureRequest]:
    """Add documents, each with its entries. A code that waits for documents is tied; one that was tied is void.

    Raises `WrongState` where the order takes no documents any more, `room.Full` where it takes no more than it has,
    `opening.Clash` where an id of the integrator's is taken.
    """
    with transaction.atomic():
        order = locked(order)
        check_open(order, at)
        room.check(order, [each.external_id for each in documents])
        requests = [added.add(order, each, actor, at) for each in documents]
        sent = order.status == OrderStatus.VALIDATION_WAITING or order.work == Order.Work.SEND_CODE
        if order.binding or sent:
            binding.bind(order, at)
    return requests


def ask_code(*, order: Order, actor: Actor, at: datetime, application: str = "") -> Order:
    """Have a code sent, in the name of `application` too; asked again, another, once the first is on its way.

    An order that was opened without one asks for it from now on (docs/service.md). Raises `WrongState`,
    `codes.TooSoon`, `codes.Locked`.
    """
    with transaction.atomic():
        order = locked(order)
        if order.work == Order.Work.SEND_CODE:
            return order
        _check_goes_on(order, at)
        if order.status not in {OrderStatus.CREATED, OrderStatus.VALIDATION_WAITING} or order.work:
            raise WrongState
        codes.check_send(owner=orders.code_owner(order), policy=order.client.policy, at=at)
        if order.requests.exists():
            binding.bind(order, at)
        trail.append(order.trail, events.CodeRequested(signer=order.signer), actor=actor, at=at)
        give(order, Order.Work.SEND_CODE, at, otp=True, application=application)
        bell.ring(Next(SEND_CODE, {"order_id": str(order.pk)}))
    return order


def sign(*, order: Order, code: str | None, try_id: str, actor: Actor, at: datetime, callback_url: str = "") -> Order:
    """Judge the code where one is asked for, and have the order signed; asked again, it is signed once.

    `callback_url`: where the end is told; of several calls, the first one that names it counts. Raises `WrongState`,
    `CodeNeeded`, what `otp.codes.judge` raises, and `codes.Gone` where its verdict was on other documents.
    """
    if order.status == OrderStatus.CLOSED or order.work == Order.Work.SIGN:
        return _told_too(order, callback_url, at)
    _check_goes_on(order, at)
    if not order.requests.exists():
        raise WrongState
    if code and not order.otp:
        raise codes.Gone  # none was ever sent: what the signer typed is not passed over as if it had been judged
    if order.otp and order.status != OrderStatus.VALIDATED:
        _judge(order, code, try_id, actor, at)
    with transaction.atomic():
        order = locked(order)
        if order.status in {OrderStatus.CLOSED, OrderStatus.GENERATED} or order.work == Order.Work.SIGN:
            return _told_too(order, callback_url, at)
        if not order.otp and order.status == OrderStatus.CREATED:
            binding.bind(order, at)
            order.move_to(OrderStatus.VALIDATED)
        if order.status != OrderStatus.VALIDATED:
            raise WrongState
        if order.otp:
            binding.check_code(order)  # the code was judged in a transaction of its own, by this call or an earlier one
        trail.append(order.trail, events.SignRequested(signer=order.signer, binding=order.binding), actor=actor, at=at)
        give(order, Order.Work.SIGN, at, callback_url=callback_url)
        bell.ring(Next(SIGN, {"order_id": str(order.pk)}, durations.more_seconds(order.requests.count())))
    return order


def refuse(*, request: SignatureRequest, actor: Actor, at: datetime) -> None:
    """The signer refused: every document of the order is REFUSED, and the order ends. Raises `WrongState`.

    Told again of one that is REFUSED, it changes nothing: whoever lost the answer asks a second time.
    """
    with transaction.atomic():
        order = locked(request.order)
        request.refresh_from_db(fields=["status"])
        if request.status == RequestStatus.REFUSED:
            return
        if order.status in OPEN:
            trail.append(order.trail, events.RefusalTold(signer=order.signer), actor=actor, at=at)
        end(order, RequestStatus.REFUSED, "REFUSED", actor=actor, at=at)


def delete(*, order: Order, actor: Actor, at: datetime) -> None:
    """Give an order up before its certificate exists. Raises `WrongState`.

    Nobody finds it any more, and its id of the integrator's is free again; its trail stays, and ends in a dossier.
    """
    with transaction.atomic():
        order = locked(order)
        end(order, RequestStatus.DISCARDED, "CANCELLED", actor=actor, at=at)
        Order.objects.filter(pk=order.pk).update(deleted_at=at, external_id=None)


def _told_too(order: Order, callback_url: str, at: datetime) -> Order:
    """Keep the call-back of a SIGN that was not the first, where none had one; told at once where the order is over."""
    if not callback_url:
        return order
    with transaction.atomic():
        order = locked(order)
        if not order.callback_url:
            Order.objects.filter(pk=order.pk).update(callback_url=callback_url)
            changed(order, callback_url=callback_url)
            if order.status == OrderStatus.CLOSED and not order.work:
                tell(order, at=at)
    return order


def _judge(order: Order, code: str | None, try_id: str, actor: Actor, at: datetime) -> None:
    if not code:
        raise CodeNeeded
    with transaction.atomic():
        if not order.binding:
            binding.bind(locked(order), at)
            order.refresh_from_db()
        entered = events.CodeEntered(signer=order.signer, binding=order.binding)
        trail.append(order.trail, entered, actor=actor, at=at)
    try:
        orders.judge(order, code, try_id=try_id, clock=lambda: at)
    except codes.Gone:
        # Two SIGN at once: the other one's code was found right a moment ago.
        order.refresh_from_db()
        if order.status not in {OrderStatus.VALIDATED, OrderStatus.GENERATED, OrderStatus.CLOSED}:
            raise
    except codes.Locked:
        with transaction.atomic():
            lock_out(locked(order), actor=actor, at=at)
        raise
