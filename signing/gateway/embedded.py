"""The gateway's adapter to the signing service of this installation: same process, same database, same trail."""

import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from django.utils.timezone import now

from otp import codes
from signing.backend import orders, sending, signatures
from signing.backend.models import Order, SignatureRequest
from signing.backend.owned import code_in
from signing.backend.states import OrderStatus, RequestStatus
from signing.clients.models import Client
from signing.gateway.contract import (
    CodeGone,
    CodeLocked,
    CodeTooSoon,
    CodeUndelivered,
    Contact,
    Document,
    Holder,
    OrderRef,
    RequestRef,
    Sent,
    Signed,
    Status,
    Subject,
    Typed,
    Unavailable,
    WrongCode,
)

__all__ = ["Embedded", "code_in", "order_of_code"]
RETRY_SECONDS = 5.0
BUSY_SECONDS = 2.0


class Embedded:
    """Calls the backend's functions; what they raise becomes the gateway's errors here and nowhere else."""

    holds_files = False
    readdresses = True

    def create_order(
        self, *, reference: str, holder: Holder, otp: bool, contact: Contact, subject: Subject
    ) -> OrderRef:
        """Open one signer's order; the same subject gives the same order again, its codes going to `contact`."""
        order, new = Order.objects.get_or_create(
            client=Client.objects.get(pk=subject.client_id),
            signer=subject.signer,
            defaults={
                "trail": subject.trail,
                "reference": reference,
                "binding": subject.binding,
                "first_name": holder.first_name,
                "last_name": holder.last_name,
                "country": holder.country,
                "language": holder.language,
                "otp": otp,
                "channel": contact.channel,
                "contact": contact.address,
                "created_at": now(),
            },
        )
        if not new:
            orders.readdress(order, channel=contact.channel, contact=contact.address)
        return OrderRef(str(order.pk))

    def add_documents(self, order: OrderRef, documents: Sequence[Document]) -> list[RequestRef]:
        """Hand over what is to be signed; documents already added keep their request."""
        added = [orders.NewDocument(each.id, each.sha256, each.size, each.pages, each.stamp) for each in documents]
        return [RequestRef(str(request.pk)) for request in orders.add_documents(_order(order), added)]

    def send_code(self, order: OrderRef, application_code: str) -> Sent:  # noqa: ARG002 - one text per client so far
        """Issue and send a code tied to the binding."""
        try:
            sent = sending.send_code(_order(order), clock=now)
        except codes.Capped as error:
            raise CodeUndelivered from error
        except codes.TooSoon as error:
            raise CodeTooSoon(error.retry_at) from error
        except codes.Locked as error:
            raise CodeLocked(final=True) from error
        except sending.Undelivered as error:
            raise CodeUndelivered from error
        except sending.NotHandedOver as error:
            raise Unavailable("mail", RETRY_SECONDS) from error
        return Sent(sent.channel, sent.masked, sent.at, sent.valid_until, sent.resend_at, sent.tries, sent.certain)

    def is_code_lost(self, order: OrderRef) -> bool:
        """Whether the carrier gave back the message of the newest code."""
        return sending.is_code_lost(_order(order))

    def sign(
        self,
        order: OrderRef,
        *,
        code: Typed | None,
        revisions: Mapping[RequestRef, Path],
        validated: Callable[[], None],
    ) -> None:
        """Judge the code, unless that is done already, and sign all documents."""
        row = _order(order)
        if row.status == OrderStatus.VALIDATION_FAILED:  # judged already, by a worker that died before it could say so
            raise CodeLocked(final=True)
        if row.status in {OrderStatus.CREATED, OrderStatus.VALIDATION_WAITING}:
            if row.otp:
                self._validate(row, code)
            else:  # SIGN was the click, which the path has recorded
                row.move_to(OrderStatus.VALIDATED)
        validated()
        if row.status == OrderStatus.CLOSED:
            return
        owner = f"{os.uname().nodename}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        try:
            signatures.sign_order(
                row, revision=lambda request: revisions[RequestRef(str(request.pk))], owner=owner, clock=now
            )
        except signatures.Busy as error:
            raise Unavailable("order", BUSY_SECONDS) from error
        except signatures.Waiting as error:
            raise Unavailable(error.what, RETRY_SECONDS) from error

    def fetch(self, request: RequestRef) -> Signed | Status:
        """What became of one document."""
        row = SignatureRequest.objects.get(pk=int(request))
        if row.status == RequestStatus.SIGNED and row.signed_at:
            return Signed(path=row.path, sha256=row.sha256, size=row.size, at=row.signed_at)
        return Status(row.status)

    def refuse(self, order: OrderRef) -> None:
        """The signer refused."""
        orders.close_unsigned(_order(order), request_status=RequestStatus.REFUSED, at=now())

    def discard(self, order: OrderRef) -> None:
        """The path ended without an answer."""
        orders.close_unsigned(_order(order), request_status=RequestStatus.DISCARDED, at=now())

    def _validate(self, row: Order, code: Typed | None) -> None:
        if code is None:
            raise CodeGone
        try:
            orders.judge(row, code.code, try_id=code.try_id, clock=now)
        except codes.Wrong as error:
            raise WrongCode(error.left) from error
        except codes.NoTriesLeft as error:
            raise CodeLocked(final=False) from error
        except codes.Locked as error:
            raise CodeLocked(final=True) from error
        except codes.Gone as error:
            raise CodeGone from error


def order_of_code(owner: str) -> OrderRef | None:
    """The order of a path whose code a message carries, by the message's owner; None for every other message."""
    order = orders.order_of(owner)
    return OrderRef(str(order.pk)) if order and not order.bare else None


def _order(reference: OrderRef) -> Order:
    return Order.objects.select_related("client__policy", "trail").get(pk=int(reference))
