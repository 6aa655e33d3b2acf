"""The words of CertSign for where an order and its requests stand: the stored states, and what follows from the row.

certsign-api.md, "Order status" and "Signature request status". An order is never CREATION_FAILED here: what cannot be
created is refused at once. A document is never ARCHIVE_MIGRATED: what an archive holds stays where it was put.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, cast

from evidence.archive.models import Deposit
from evidence.archive.requests import named
from signing.backend.models import Order, SignatureRequest
from signing.backend.states import OrderStatus, RequestStatus

OrderWord = Literal[
    "CREATED",
    "CREATION_FAILED",
    "VALIDATION_WAITING",
    "VALIDATED",
    "VALIDATION_FAILED",
    "GENERATION_WAITING",
    "GENERATED",
    "GENERATION_FAILED",
    "SIGN_WAITING",
    "SIGN_IN_PROGRESS",
    "CLOSED",
    "DISCARDED",
]
RequestWord = Literal[
    "SIGN_CREATED",
    "SIGN_AWAITING_VALIDATION",
    "SIGN_AWAITING",
    "SIGN_IN_PROGRESS",
    "SIGNED",
    "SIGN_FAILED",
    "ARCHIVE_IN_PROGRESS",
    "ARCHIVED",
    "ARCHIVE_FAILED",
    "ARCHIVE_MIGRATED",
    "REFUSED",
    "DISCARDED",
]
SHORT = {"CREATED": "SIGN_CREATED"}
"""How CertSign's own documentation writes a document's word in its example of a search."""


def of_order(order: Order, *, at: datetime) -> OrderWord:
    """Where an order stands: VALIDATED waits for its certificate once it is to be signed, GENERATED is being signed."""
    if order.status == OrderStatus.VALIDATED and order.work == Order.Work.SIGN:
        return "SIGN_WAITING" if order.waiting_for else "GENERATION_WAITING"
    held = order.lease_until is not None and order.lease_until > at
    if order.status == OrderStatus.GENERATED and held:
        return "SIGN_IN_PROGRESS"
    return cast(OrderWord, order.status)


def of_request(request: SignatureRequest, order: Order) -> RequestWord:
    """Where a document stands; while it is neither signed nor given up, as far as its order has come.

    One whose deposit was asked for goes on once its dossier is sealed: it is deposited in it.
    """
    if request.status == RequestStatus.SIGNED and request.archive is not None:
        return _deposited(order, request.archive.get("accounts", ()))
    if request.status != RequestStatus.SIGN_CREATED:
        return cast(RequestWord, request.status)
    if order.work == Order.Work.SIGN or order.status == OrderStatus.GENERATED:
        return "SIGN_IN_PROGRESS"
    if order.status == OrderStatus.VALIDATION_WAITING:
        return "SIGN_AWAITING_VALIDATION"
    return "SIGN_AWAITING" if order.status == OrderStatus.VALIDATED else "SIGN_CREATED"


def _deposited(order: Order, names: Iterable[str]) -> RequestWord:
    """How far the archives of a document have come: those that it names, or all of its order.

    While it is tried for the first time it is SIGNED still: clients wait for that. They expect exactly
    this word right after `sign?mode=SYNC`, archive or not (certsign-api.md).
    """
    rows = Deposit.objects.filter(trail=order.trail_id, kind="dossier").values_list("archive", "state", "attempt")
    found = {archive: (state, attempt) for archive, state, attempt in rows}
    asked = [found[archive] for archive in named(list(found), names)]
    states = {state for state, _ in asked}
    if Deposit.State.QUEUED in states:
        waiting = [attempt for state, attempt in asked if state == Deposit.State.QUEUED]
        return "ARCHIVE_IN_PROGRESS" if max(waiting) > 1 else "SIGNED"
    if Deposit.State.REFUSED in states:
        return "ARCHIVE_FAILED"
    return "ARCHIVED" if states else "SIGNED"
