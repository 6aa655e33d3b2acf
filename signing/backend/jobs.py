"""The work of orders that came over REST: send the code, sign, give up what is past its day. A job never rings.

The row is the queue: `work` says what is to be done, `work_due_at` when. Taking it moves that instant by a lease, so a
worker that dies leaves the row to the next one; only who took it writes what came of it.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, QuerySet

from evidence import durations, files, precedence, sweeps, trail
from evidence.bell import Next
from otp import codes
from signing.backend import endings, revocation, sending, signatures
from signing.backend.models import Challenge, Order, OrderMoved, SignatureRequest
from signing.backend.outbox import Callback
from signing.backend.states import OrderStatus, RequestStatus

logger = logging.getLogger("paraphe.orders")

Clock = Callable[[], datetime]
RETRY = timedelta(seconds=5)
BUSY = timedelta(seconds=2)
BATCH = 200
CALLING = timedelta(seconds=0.5)  # an integrator that has opened an order goes on to its signature meanwhile
NEWEST = 8
TASKS = {
    Order.Work.SEND_CODE: "signing.backend.tasks.send_code",
    Order.Work.SIGN: "signing.backend.tasks.sign_order",
}
SEND_ALONE = "signing.backend.tasks.send_alone"
FAILED = "La signature n’a pas abouti après plusieurs tentatives."


def send_code(order_id: str, *, clock: Clock) -> list[Next]:
    """Send the code that was asked for. What keeps it from going out for good is told in `code_trouble`."""
    order = _taken(order_id, Order.Work.SEND_CODE, clock())
    if order is None:
        return []
    if order.work_failures > settings.MAX_ATTEMPTS:
        _not_sent(order)  # of the last attempts nobody told: their workers died
        return []
    try:
        sent = sending.send_code(order, clock=clock)
    except codes.Capped:
        _done(order, code_trouble="CAPPED")
    except codes.TooSoon as error:
        _too_soon(order, error.retry_at, clock())
    except codes.Locked:
        _done(order, code_trouble="LOCKED")
    except sending.Undelivered:
        _done(order, code_trouble="BOUNCED")
    except sending.NotHandedOver:
        _later(order, clock(), giving_up=lambda: _not_sent(order))
    except Exception:  # whatever a message does to its worker: the row must go on, or end, by its count
        logger.exception("code not sent", extra={"row": str(order.pk), "attempt": order.work_failures})
        _later(order, clock(), giving_up=lambda: _not_sent(order))
    else:
        _done(order, code_trouble="" if sent.certain else "UNANSWERED")
    return []


def sign(order_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Sign an order, or finish one that was signed by a worker that died before it could say so.

    Its dossier follows, unless somebody waits for a signature: a worker would only find that it is not its turn.
    """
    order = _taken(order_id, Order.Work.SIGN, clock())
    if order is None or not _is_signed(order, owner, clock):
        return []
    with transaction.atomic():
        if not _done(order):  # taken over meanwhile: the order is closed once
            return []
        dossier = endings.close(order, outcome="COMPLETED", actor=trail.SYSTEM, at=clock())
    follows = Next("evidence.tasks.seal_dossier", {"dossier_id": str(dossier.pk)})
    return [follows] if precedence.lets_begin(clock()) else []


def _is_signed(order: Order, owner: str, clock: Clock) -> bool:
    """Sign what is not signed yet; False where it is not to be, for now or at all, and the row says so."""
    if order.status == OrderStatus.CLOSED:
        return True
    if order.work_failures > settings.MAX_ATTEMPTS:
        _fail(order, clock())  # of the last attempts nobody told: their workers died
        return False
    try:
        signatures.sign_order(order, revision=_presented, owner=owner, clock=clock)
    except signatures.Busy:
        _put_off(order, clock() + BUSY, work_failures=order.work_failures - 1)
    except signatures.Waiting as error:
        logger.warning("order waits", extra={"row": str(order.pk), "outcome": error.what})
        _put_off(order, clock() + RETRY, waiting_for=error.what, work_failures=order.work_failures - 1)
    except OrderMoved:
        logger.info("order taken over or ended meanwhile", extra={"row": str(order.pk)})
    except Exception:  # whatever a document does to its worker: the row must go on, or end, by its count
        logger.exception("order not signed", extra={"row": str(order.pk), "attempt": order.work_failures})
        _later(order, clock(), giving_up=lambda: _fail(order, clock()))
    else:
        return True
    return False


def waited_for(at: datetime) -> bool:
    """Whether somebody waits for a signature that nothing keeps from being made, or is about to ask for one."""
    asked = Order.objects.filter(work_due_at__isnull=False, work=Order.Work.SIGN)
    newest = Order.objects.order_by("-pk").values_list("bare", "status", "created_at")[:NEWEST]
    opened = any(bare and status in endings.OPEN and at - made < CALLING for bare, status, made in newest)
    return opened or asked.filter(work_failures__lte=1, waiting_for="").exists()


def _presented(request: SignatureRequest) -> Path:
    """A document of an integrator is signed as it was handed over: nobody signs it before."""
    return files.path_of(request.presented_sha256)


def sweep(at: datetime) -> list[Next]:
    """All that is due, call-backs behind orders; and every order past its day that nobody signs is DISCARDED."""
    return sweeps.parts(at, _expired, _rung)


def _expired(at: datetime) -> None:
    """A batch at random: one that cannot be ended is there again each time, and keeps no other from its turn."""
    over = Order.objects.filter(bare=True, status__in=endings.OPEN, closed_at=None, work="", expires_at__lte=at)
    quicker = (OrderMoved, endings.WrongState)
    sweeps.each(over.order_by("?")[:BATCH], lambda order: _expire(order, at), job="expire order", passing=quicker)


def _rung(at: datetime) -> list[Next]:
    found = list(_due(at).exclude(work=Order.Work.NONE).values_list("pk", "work")[:BATCH])
    documents = _documents([pk for pk, work in found if work == Order.Work.SIGN])
    return [
        *(_ringing(Order.Work(work), pk, documents=documents.get(pk, 0)) for pk, work in found),
        *(Next(SEND_ALONE, {"challenge_id": pk}) for pk in due_alone(at)),
        *(Next(endings.CALL_BACK, {"callback_id": pk}) for pk in Callback.due(at, most=BATCH)),
    ]


def _documents(orders: list[int]) -> dict[int, int]:
    """How many documents each of these orders has; asked apart, for the index of what is due counts none."""
    rows = SignatureRequest.objects.filter(order__in=orders).values_list("order").annotate(documents=Count("pk"))
    return dict(rows)


def _ringing(work: Order.Work, order: int, *, documents: int) -> Next:
    """What is rung where there is work for an order: to sign many documents a worker has more time."""
    more = durations.more_seconds(documents) if work == Order.Work.SIGN else 0
    return Next(TASKS[work], {"order_id": str(order)}, more)


def due_codes(at: datetime) -> list[str]:
    """Ids of the orders whose code is to be sent and that nobody has taken."""
    rows = _due(at).filter(work=Order.Work.SEND_CODE)
    return [str(pk) for pk in rows.values_list("pk", flat=True)[:BATCH]]


def due_alone(at: datetime) -> list[str]:
    """Ids of the codes alone that are to be sent and that nobody has taken, those of workers that died included."""
    rows = Challenge.objects.filter(state=Challenge.State.WAITING, due_at__lte=at).order_by("due_at")
    return [str(pk) for pk in rows.values_list("pk", flat=True)[:BATCH]]


def alone_beside(challenge_id: str, at: datetime) -> list[str]:
    """Ids of the codes alone that may be sent in the same worker as this one.

    One whose worker has died goes alone, and so does not take others with it should it be what the worker died of.
    """
    waiting = Challenge.objects.filter(state=Challenge.State.WAITING, due_at__lte=at)
    left = {str(pk) for pk in waiting.filter(attempts__gt=0).values_list("pk", flat=True)}
    return [] if challenge_id in left else [pk for pk in due_alone(at) if pk not in left]


def _due(at: datetime) -> QuerySet[Order]:
    return Order.objects.filter(work_due_at__lte=at).order_by("work_due_at")


def _expire(order: Order, at: datetime) -> None:
    held = endings.locked(order)
    if held.status in endings.OPEN and not held.work:
        endings.end(held, RequestStatus.DISCARDED, "EXPIRED", actor=trail.SYSTEM, at=at)


def _taken(order_id: str, work: Order.Work, at: datetime) -> Order | None:
    """Take the row by one conditional update, or leave it to who has it.

    A failure is counted now, for a worker that dies cannot: whoever comes to an end, or only waits, takes it back.
    """
    documents = SignatureRequest.objects.filter(order_id=int(order_id)).count() if work == Order.Work.SIGN else 0
    lease = at + timedelta(seconds=durations.lease_seconds(documents))
    if not Order.objects.filter(pk=order_id, work=work, work_due_at__lte=at).update(
        work_due_at=lease, work_failures=F("work_failures") + 1
    ):
        return None
    return Order.objects.select_related("client__policy", "trail").get(pk=order_id)


def _done(order: Order, **changes: object) -> bool:
    return _write(order, work=Order.Work.NONE, work_due_at=None, work_failures=0, waiting_for="", **changes)


def _put_off(order: Order, until: datetime, **changes: object) -> None:
    _write(order, work_due_at=until, **changes)


def _later(order: Order, at: datetime, *, giving_up: Callable[[], object]) -> None:
    """Try again, later each time; give up after MAX_ATTEMPTS."""
    if order.work_failures >= settings.MAX_ATTEMPTS:
        giving_up()
    else:
        _write(order, work_due_at=at + RETRY * 2**order.work_failures)


def _too_soon(order: Order, retry_at: datetime, at: datetime) -> None:
    """Tell it, or wait for the cool-down of a code that an earlier try of this work issued and nobody took."""
    cooled = at + timedelta(seconds=order.client.policy.cooldown_seconds)
    if order.work_failures > 1 and retry_at <= cooled:
        _put_off(order, retry_at, work_failures=order.work_failures - 1)
    else:
        _done(order, code_trouble="TOO_SOON")


def _not_sent(order: Order) -> None:
    """No code of this request goes out; whoever wants one asks again."""
    if _done(order, code_trouble="NOT_SENT"):
        logger.error("code given up", extra={"row": str(order.pk), "attempt": order.work_failures})


def _fail(order: Order, at: datetime) -> None:
    """No signature comes of this order: its documents say why."""
    with transaction.atomic():
        if not _done(order):
            return
        order.refresh_from_db()
        revocation.abandon_left(order, at)
        order.move_to(OrderStatus.GENERATION_FAILED, closed_at=at)
        for request in order.requests.filter(status=RequestStatus.SIGN_CREATED):
            request.move_to(RequestStatus.SIGN_FAILED, reason=FAILED)
        endings.close(order, outcome="FAILED", actor=trail.SYSTEM, at=at)
    logger.error("order failed", extra={"row": str(order.pk)})


def _write(order: Order, **changes: object) -> bool:
    """Write what came of the work; False where the row is no longer in the hands of who took it."""
    held = Order.objects.filter(pk=order.pk, work=order.work, work_due_at=order.work_due_at)
    return held.update(**changes) == 1
