"""What can be done with an order, up to its signature: create, add documents, judge the code, refuse."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from evidence import events, trail
from otp import codes
from otp.judging import Judgement, Verdict
from otp.models import Channel
from signing.backend import revocation
from signing.backend.models import Order, SignatureRequest, changed
from signing.backend.states import OrderStatus, RequestStatus

OWNER = "order-"
CODED = frozenset({OrderStatus.CREATED, OrderStatus.VALIDATION_WAITING})
Clock = Callable[[], datetime]
ENDED_ORDERS = frozenset(
    {OrderStatus.CLOSED, OrderStatus.DISCARDED, OrderStatus.VALIDATION_FAILED, OrderStatus.GENERATION_FAILED}
)


@dataclass(frozen=True)
class NewDocument:
    """A document to be signed: opaque id, digest, octets and pages of the file presented, and its stamp."""

    id: str
    sha256: str
    size: int
    pages: int
    stamp: Mapping[str, int] | None


def add_documents(order: Order, documents: Sequence[NewDocument]) -> list[SignatureRequest]:
    """Add documents to an order; those that are there already keep their request."""
    with transaction.atomic():
        requests = []
        for n, each in enumerate(documents, start=1):
            request, _ = SignatureRequest.objects.get_or_create(
                order=order,
                document=each.id,
                defaults={
                    "n": n,
                    "presented_sha256": each.sha256,
                    "presented_size": each.size,
                    "pages": each.pages,
                    "stamp": dict(each.stamp) if each.stamp is not None else None,
                },
            )
            requests.append(request)
    return requests


def readdress(order: Order, *, channel: str, contact: str) -> None:
    """Have the codes of an order that waits for one go elsewhere from now on; the code that is out is void."""
    if (order.channel, order.contact) == (channel, contact) or order.status not in CODED:
        return
    with transaction.atomic():
        codes.withdraw(owner=code_owner(order))
        Order.objects.filter(pk=order.pk).update(channel=channel, contact=contact)
    changed(order, channel=channel, contact=contact)


def judge(order: Order, typed: str, *, try_id: str, clock: Clock) -> None:
    """Judge a typed code; accepted, the order is VALIDATED. Raises what `otp.codes.judge` raises.

    Count, entry and state commit together, so a worker that dies leaves none of them or all; asked again, the same try
    has the same verdict.
    """
    at = clock()
    codes.judge(
        owner=code_owner(order),
        binding=order.binding,
        typed=typed,
        try_id=try_id,
        policy=order.client.policy,
        at=at,
        record=lambda judgement: _record(order, judgement, at),
    )


def close_unsigned(order: Order, *, request_status: RequestStatus, at: datetime) -> None:
    """Refuse or discard an order; one that has ended already, signed ones too, stays as it is.

    A certificate that a dead worker left behind is abandoned.
    """
    if order.status in ENDED_ORDERS:
        return
    with transaction.atomic():
        revocation.abandon_left(order, at)
        order.move_to(OrderStatus.DISCARDED, closed_at=at)
        for request in order.requests.filter(status=RequestStatus.SIGN_CREATED):
            request.move_to(request_status)


def code_owner(order: Order) -> str:
    """The owner of this order's codes, as `otp` knows it."""
    return f"{OWNER}{order.pk}"


def order_of(owner: str) -> Order | None:
    """The order that a code or its message belongs to; None where it belongs to something else."""
    if not owner.startswith(OWNER):
        return None
    return Order.objects.select_related("client__policy", "trail").get(pk=int(owner.removeprefix(OWNER)))


def _record(order: Order, judgement: Judgement, at: datetime) -> None:
    """Write the entries of one try, and the state that follows from it."""
    signer, n = order.signer, judgement.n
    told: list[events.Event] = []
    match judgement.verdict:
        case Verdict.ACCEPTED:
            order.move_to(OrderStatus.VALIDATED)
            told = [events.CodeAccepted(signer=signer, n=n, binding=order.binding)]
        case Verdict.WRONG:
            told = [events.CodeRefused(signer=signer, n=n, tries_left=judgement.left)]
        case Verdict.GONE | Verdict.SPENT:
            told = [events.CodeExpired(signer=signer, n=n)]
        case Verdict.LOCKED if _is_locked(order):
            pass  # typed at the same time as the one that closed it, which has said so
        case Verdict.LOCKED:
            order.move_to(OrderStatus.VALIDATION_FAILED, closed_at=at)
            told = [
                events.CodeRefused(signer=signer, n=n, tries_left=judgement.left),
                events.CodeLocked(signer=signer, failures=judgement.failures),
            ]
    for event in told:
        trail.append(order.trail, event, actor=trail.SYSTEM, at=at)


def _is_locked(order: Order) -> bool:
    return Order.objects.filter(pk=order.pk, status=OrderStatus.VALIDATION_FAILED).exists()


def channel_name(order: Order) -> events.ChannelName:
    return "sms" if order.channel == Channel.SMS else "email"
