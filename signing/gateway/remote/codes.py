"""Codes at another CertSign: sent once for each asking, judged there, each answer told once in the trail."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import NoReturn

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from evidence import events
from otp import codes
from otp.masking import masked_address, masked_number
from signing.gateway.contract import (
    CodeGone,
    CodeLocked,
    CodeTooSoon,
    CodeUndelivered,
    GatewayError,
    Sent,
    Typed,
    Unavailable,
    WrongCode,
)
from signing.gateway.remote import calls, counted, entries
from signing.gateway.remote.answers import Placed
from signing.gateway.remote.calls import Refused, Service
from signing.gateway.remote.troubles import NoAnswer, Trouble
from signing.models import RemoteOrder

AGAIN_SECONDS = 2.0
MOST_ASKS = 3
SAYS_NO = frozenset({Trouble.FAILING, Trouble.NOT_ADMITTED})  # it says itself that it did not
WAITING, LOCKED = "VALIDATION_WAITING", "VALIDATION_FAILED"
# CertSign's words for an order, by what they mean for a code and for the signature.
ASKED = frozenset({"CREATED", WAITING})
BEFORE = ASKED | {"VALIDATED"}
UNDER_WAY = frozenset({"GENERATION_WAITING", "GENERATED", "SIGN_WAITING", "SIGN_IN_PROGRESS", "CLOSED"})
PASSED = UNDER_WAY | {"VALIDATED"}
OVER = frozenset({"CLOSED", "DISCARDED", LOCKED, "CREATION_FAILED", "GENERATION_FAILED"})
WRONG, NO_TRIES, GONE, FINAL = "WRONG", "NO_TRIES", "GONE", "FINAL"


def placed(order: RemoteOrder) -> Placed:
    """The order as a call names it."""
    return Placed(order.remote_id, order.word)


def standing(order: RemoteOrder, service: Service, *, code: Typed | None = None) -> str:
    """The order's word now; raises `CodeLocked` where too many wrong codes, `code` the last, have closed it."""
    found = service.order(order.signer)
    word = found.word if found else "DISCARDED"
    if word == LOCKED:
        _judged(order, code, FINAL)
    return word


def send(order: RemoteOrder, application_code: str, service: Service) -> Sent:
    """Have a code sent. Raises what the contract says of `send_code`, and `NoAnswer`."""
    unanswered = order.code_asked_at is not None
    word = standing(order, service) if unanswered else ""
    if word == WAITING:
        # The first code went out: the order says so. Of a further one nobody can tell; it is not sent again by itself.
        return _went_out(order, certain=order.codes == 0)
    if word in ASKED and order.code_asks >= MOST_ASKS:
        # A service that sends codes and does not say so would send one at each asking.
        return _went_out(order, certain=False)
    if not unanswered:
        counted.check(order)
    spent_at = now()
    try:
        with transaction.atomic():
            RemoteOrder.objects.filter(pk=order.pk).update(code_asked_at=spent_at)
            counted.spend(order, spent_at)
    except codes.Capped as error:
        if unanswered:  # one is on its way, perhaps
            return _went_out(order, certain=False)
        raise CodeUndelivered from error
    return _asked(order, application_code, service, unanswered=unanswered, spent_at=spent_at)


def _asked(
    order: RemoteOrder, application_code: str, service: Service, *, unanswered: bool, spent_at: datetime
) -> Sent:
    """Ask for a code that is counted. One that was surely not sent is counted no more; what may have been sent is."""
    try:
        service.send_code(placed(order), application_code)
    except NoAnswer as error:
        if error.reached and error.trouble not in SAYS_NO:
            RemoteOrder.objects.filter(pk=order.pk).update(code_asks=F("code_asks") + 1)
            raise
        counted.give_back(order, spent_at)
        if not error.reached and not unanswered:
            _forget_asking(order)
        raise
    except Refused as error:
        if error.label != calls.UNDELIVERED:
            counted.give_back(order, spent_at)
        if unanswered and _too_soon(error):  # the call without an answer has had its effect
            return _went_out(order, certain=False)
        if error.label == calls.AT_WORK and standing(order, service) in ASKED:  # on that call, still
            raise Unavailable("order", AGAIN_SECONDS) from error
        _forget_asking(order)
        raise _not_sent(order, error) from error
    return _went_out(order, certain=True)


def judged_before(order: RemoteOrder, code: Typed | None) -> None:
    """Raise the verdict on this very try again, where it was judged by a worker that died before it could say so."""
    if code is not None and order.verdict and order.judged_try == code.try_id:
        raise _error(order.verdict, order.tries_left)


def refused(order: RemoteOrder, code: Typed | None, error: Refused, service: Service) -> None:
    """What a refused `sign` means: a verdict on the code, raised; nothing where the order has passed it meanwhile."""
    match error.label:
        case calls.WRONG_CODE:
            _judged(order, code, WRONG, left=calls.tries_left(error.sentence))
        case calls.NO_TRIES:
            standing(order, service, code=code)
            _judged(order, code, NO_TRIES)
    if standing(order, service) in PASSED:
        return
    if error.label in {calls.NO_CODE, calls.CODE_NEEDED}:
        _judged(order, code, GONE)
    raise error


def accepted(order: RemoteOrder) -> None:
    """Keep, once, that the code was found right."""
    if not order.otp or order.code_accepted_at is not None:
        return
    at = now()
    with transaction.atomic():
        if RemoteOrder.objects.filter(pk=order.pk, code_accepted_at=None).update(code_accepted_at=at, verdict=""):
            counted.accepted(order)
            entries.told(order, events.CodeAccepted(signer=order.signer, n=order.codes), at=at)
    order.refresh_from_db()


def _judged(order: RemoteOrder, code: Typed | None, verdict: str, *, left: int = 0) -> NoReturn:
    """Keep a verdict and raise it."""
    _verdict(order, code, verdict, left=left)
    raise _error(verdict, left)


def _verdict(order: RemoteOrder, code: Typed | None, verdict: str, *, left: int = 0) -> None:
    """Write a verdict and its entry in one transaction; that the order is closed is told once."""
    at, signer, n = now(), order.signer, order.codes
    failed = verdict in {WRONG, NO_TRIES} or (verdict == FINAL and code is not None)
    with transaction.atomic():
        row = RemoteOrder.objects.select_for_update().get(pk=order.pk)
        if verdict == FINAL and row.word == LOCKED:
            return
        row.verdict, row.tries_left = verdict, left
        row.judged_try = code.try_id if code else row.judged_try
        row.failures += 1 if failed else 0
        row.word = LOCKED if verdict == FINAL else row.word
        row.save(update_fields=["verdict", "tries_left", "judged_try", "failures", "word"])
        if failed:
            entries.told(order, events.CodeRefused(signer=signer, n=n, tries_left=left), at=at)
        if verdict == GONE:
            entries.told(order, events.CodeExpired(signer=signer, n=n), at=at)
        if verdict == FINAL:
            entries.told(order, events.CodeLocked(signer=signer, failures=row.failures), at=at)
            entries.told(order, entries.order_told(order, LOCKED), at=at)


def _error(verdict: str, left: int) -> GatewayError:
    return {
        WRONG: WrongCode(left),
        NO_TRIES: CodeLocked(final=False),
        FINAL: CodeLocked(final=True),
        GONE: CodeGone(),
    }[verdict]


def _went_out(order: RemoteOrder, *, certain: bool) -> Sent:
    """Count the code and tell it; one that another worker has counted is told by that one."""
    at, n = now(), order.codes + 1
    with transaction.atomic():
        same = RemoteOrder.objects.filter(pk=order.pk, codes=order.codes)
        if same.update(codes=n, code_asked_at=None, code_asks=0, word=WAITING):
            counted.went_out(order, at)
            entries.told(order, entries.code_sent(order, n=n, certain=certain), at=at)
    masked = masked_number(order.contact) if order.channel == "sms" else masked_address(order.contact)
    return Sent(
        channel=order.channel,
        masked=masked,
        at=at,
        valid_until=None,
        resend_at=counted.next_at(order, at),
        tries=None,
        certain=certain,
    )


def _not_sent(order: RemoteOrder, error: Refused) -> Exception:
    """Why no code was sent."""
    if _too_soon(error):
        wait = error.retry_after or settings.CERTSIGN["resend_seconds"]
        return CodeTooSoon(now() + timedelta(seconds=wait))
    if error.label == calls.UNDELIVERED:
        at = now()
        with transaction.atomic():
            counted.undelivered(order, at)
            entries.told(order, entries.code_undelivered(order), at=at)
        return CodeUndelivered()
    if error.label == calls.NO_TRIES:
        _verdict(order, None, FINAL)
        return CodeLocked(final=True)
    return error


def _too_soon(error: Refused) -> bool:
    return error.label == calls.TOO_SOON or error.status == HTTPStatus.TOO_MANY_REQUESTS


def _forget_asking(order: RemoteOrder) -> None:
    RemoteOrder.objects.filter(pk=order.pk).update(code_asked_at=None, code_asks=0)
