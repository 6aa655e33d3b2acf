"""How an order that came over REST ends: signed, given up or refused. Each end closes its trail, queues its dossier."""

from datetime import datetime
from typing import Any

from evidence import bell, events, trail
from evidence.bell import Next
from evidence.models import Dossier
from evidence.trail import Actor
from otp import codes
from signing.backend import orders
from signing.backend.models import Order, OrderMoved, changed
from signing.backend.outbox import Callback
from signing.backend.states import OrderStatus, RequestStatus

OPEN = frozenset({OrderStatus.CREATED, OrderStatus.VALIDATION_WAITING, OrderStatus.VALIDATED})


CALL_BACK = "signing.backend.api.tasks.call_back"
LOCKED_OUT = "Trop de codes faux : aucune signature ne sera faite."


class WrongState(Exception):
    """The order is not where this call can be made: it has ended, is being signed, or has no document."""


def end(order: Order, status: RequestStatus, outcome: str, *, actor: Actor, at: datetime) -> None:
    """End an order before its certificate exists, inside the caller's transaction. Raises `WrongState`."""
    if order.status not in OPEN:
        raise WrongState
    give(order, Order.Work.NONE, None)
    orders.close_unsigned(order, request_status=status, at=at)
    close(order, outcome=outcome, actor=actor, at=at)


def lock_out(order: Order, *, actor: Actor, at: datetime) -> None:
    """Close what too many wrong codes have ended, inside the caller's transaction; once, however often it is asked."""
    if order.status != OrderStatus.VALIDATION_FAILED:
        return
    for request in order.requests.filter(status=RequestStatus.SIGN_CREATED):
        request.move_to(RequestStatus.SIGN_FAILED, reason=LOCKED_OUT)
    if not Dossier.objects.filter(trail=order.trail, subject=order.signer).exists():
        close(order, outcome="FAILED", actor=actor, at=at)


def close(order: Order, *, outcome: str, actor: Actor, at: datetime) -> Dossier:
    """Close the trail's story, queue its dossier and the call-back asked for, inside the caller's transaction."""
    closed = events.EnvelopeClosed.model_validate({"outcome": outcome})
    trail.append(order.trail, closed, actor=actor, at=at)
    dossier, _ = Dossier.objects.get_or_create(
        trail=order.trail, subject=order.signer, defaults={"requested_at": at, "due_at": at}
    )
    tell(order, at=at)
    return dossier


def tell(order: Order, *, at: datetime) -> None:
    """Queue the call-back asked for, inside the caller's transaction; the row knows one asked for meanwhile, too."""
    url = Order.objects.values_list("callback_url", flat=True).get(pk=order.pk)
    if url:
        row, _ = Callback.objects.get_or_create(order=order, n=1, defaults={"url": url, "due_at": at, "created_at": at})
        bell.ring(Next(CALL_BACK, {"callback_id": str(row.pk)}))


def locked(order: Order) -> Order:
    """The row as it is now, held until the transaction ends (PostgreSQL; SQLite has one writer anyway).

    Its codes are held before it, in the order in which a judgement takes both: else each would wait for the other. Its
    client is the one that is known: who calls was looked up for this call, and that row is the widest of all.
    """
    if order.otp:
        codes.hold(owner=orders.code_owner(order))
    held = Order.objects.select_for_update(of=("self",)).select_related("trail").get(pk=order.pk)
    if Order.client.is_cached(order):
        held.client = order.client
    return held


def give(order: Order, work: Order.Work, at: datetime | None, **changes: Any) -> None:
    values = {"work": work, "work_due_at": at, "work_failures": 0, "waiting_for": "", "code_trouble": "", **changes}
    held = Order.objects.filter(pk=order.pk, status=order.status, attempt=order.attempt)
    if not held.update(**values):
        raise OrderMoved(f"order {order.pk} was taken meanwhile")
    changed(order, **values)
