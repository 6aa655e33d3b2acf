"""Documents of an order: add, send the code, sign, status, search, refuse (certsign-api.md, Signature requests)."""

import base64
import uuid
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router, Status

from evidence import files
from evidence.archive import elimination
from signing.backend import bare, endings, room, wording
from signing.backend.api import answers, contacts, contents, links, lookup, troubles, waiting
from signing.backend.api.errors import Label, Refused
from signing.backend.api.orders import REFUSALS
from signing.backend.api.schemas import (
    LONGEST_URL,
    MOST_DOCUMENTS,
    Error,
    OfOrder,
    RequestAnswer,
    RequestBody,
    RequestSearch,
    SignedAnswer,
    SignQuery,
    StatusBody,
    ValidateQuery,
    Which,
)
from signing.backend.models import Order, SignatureRequest
from signing.backend.orders import code_owner
from signing.backend.states import OrderStatus, RequestStatus
from signing.clients import callbacks, documents

router = Router(by_alias=True, tags=["signatures"])
CODE_SENT_SECONDS = 10.0


@router.post(
    "/ephemeral/signatures",
    response={200: list[RequestAnswer], **REFUSALS},
    operation_id="createEphemeralSignatureRequest",
    openapi_extra=links.after_documents,
)
def add_documents(
    request: HttpRequest, response: HttpResponse, of: Query[OfOrder], body: list[RequestBody]
) -> list[RequestAnswer]:
    """Add documents to an order, one element each. What was found in them is told in a header, `X-Document-Checks`."""
    return _add(request, response, of, body)


@router.post(
    "/ephemeral/trigger/signatures",
    response={200: list[RequestAnswer], **REFUSALS},
    operation_id="createTriggeredEphemeralSignatureRequest",
    openapi_extra=links.after_documents,
)
def add_documents_triggered(
    request: HttpRequest, response: HttpResponse, of: Query[OfOrder], body: list[RequestBody]
) -> list[RequestAnswer]:
    """The same for an order that asks for a code."""
    return _add(request, response, of, body)


@router.post(
    "/ephemeral/trigger/signatures/validate",
    response={200: list[RequestAnswer], 429: Error, **REFUSALS},
    operation_id="validateTriggeredEphemeralOrderRequest",
)
def validate(request: HttpRequest, asked: Query[ValidateQuery]) -> list[RequestAnswer]:
    """Have the code sent; called again, another one. An order without enableOtp asks for a code from then on."""
    order = _order(request, asked)
    contacts.check_allowed(order.client, order.channel, order.contact)
    application = contacts.application(asked.sms_application_code)
    bare.ask_code(order=order, application=application, actor=lookup.actor(request), at=now())
    _wait(order, Order.Work.SEND_CODE, seconds=CODE_SENT_SECONDS)
    _check_not_ended(order)
    troubles.check(order.code_trouble, owner=code_owner(order), policy=order.client.policy, at=now())
    return answers.of_documents(order)


@router.post(
    "/ephemeral/signatures/sign",
    response={200: list[RequestAnswer], **REFUSALS},
    operation_id="signEphemeralOrderRequest",
)
def sign(request: HttpRequest, asked: Query[SignQuery]) -> list[RequestAnswer]:
    """Sign every document of an order. SYNC answers when they are signed, ASYNC at once."""
    return _sign(request, asked)


@router.post(
    "/ephemeral/trigger/signatures/sign",
    response={200: list[RequestAnswer], **REFUSALS},
    operation_id="signTriggeredEphemeralOrderRequest",
)
def sign_triggered(request: HttpRequest, asked: Query[SignQuery]) -> list[RequestAnswer]:
    """The same with the code that the signer received."""
    return _sign(request, asked)


@router.get(
    "/ephemeral/signatures",
    response={200: SignedAnswer, 410: Error, **REFUSALS},
    operation_id="getSignatureRequestStatus",
)
def request_status(request: HttpRequest, which: Query[Which]) -> SignedAnswer:
    """Where a document stands; once it is signed, the signed PDF. 410 once it was eliminated: search still has its
    status.
    """
    row = lookup.signature_request(request, which.id, which.external_id)
    told = SignedAnswer(**answers.of_document(row, row.order).model_dump())
    if row.status == RequestStatus.SIGNED and row.signed_at is not None:
        told.signed_content = base64.b64encode(_content(row)).decode()
        told.signing_date = row.signed_at.isoformat(timespec="milliseconds")
    return told


@router.get(
    "/ephemeral/signatures/search",
    response={200: list[RequestAnswer], **REFUSALS},
    operation_id="searchSignatureRequests",
)
def search_requests(request: HttpRequest, asked: Query[RequestSearch]) -> list[RequestAnswer]:
    """The documents of an order, all or those with a status; a word that is none finds none."""
    found = answers.of_documents(_order(request, asked))
    status = wording.SHORT.get(asked.status, asked.status)
    return [each for each in found if status in {"", each.status}]


@router.patch("/ephemeral/signatures", response={204: None, **REFUSALS}, operation_id="changeStatus")
def change_status(request: HttpRequest, which: Query[Which], body: StatusBody) -> Status[None]:  # noqa: ARG001 - REFUSED is the one status
    """The signer refused: the order ends, with all its documents."""
    row = lookup.signature_request(request, which.id, which.external_id)
    bare.refuse(request=row, actor=lookup.actor(request), at=now())
    return Status(204, None)


def _content(row: SignatureRequest) -> bytes:
    """The signed PDF. Raises `Refused` (410) where it was eliminated, also between finding its file and reading it."""
    try:
        return row.path.read_bytes()
    except (files.Missing, FileNotFoundError) as error:
        if not elimination.is_begun(row.order.trail):
            raise
        sentence = "Ce document a été éliminé à la fin de sa durée de conservation."
        raise Refused(HTTPStatus.GONE, Label.ELIMINATED, sentence) from error


def _add(request: HttpRequest, response: HttpResponse, of: OfOrder, body: list[RequestBody]) -> list[RequestAnswer]:
    if not 0 < len(body) <= MOST_DOCUMENTS:
        sentence = f"Le corps est une liste de 1 à {MOST_DOCUMENTS} documents."
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, sentence)
    order = _order(request, _named(of, body[0]))
    _check_repeated(order, body)
    bare.check_open(order, now())  # before anything is judged and kept for it
    room.check(order, [each.external_signature_request_id for each in body])
    taken = contents.taken(body, limits=documents.limits(lookup.caller(request)))
    requests = bare.add_documents(order=order, documents=taken, actor=lookup.actor(request), at=now())
    response[answers.CHECKS] = answers.checks(taken)
    return [answers.of_document(each, each.order) for each in requests]


def _named(of: OfOrder, first: RequestBody) -> OfOrder:
    """The order that the query names; where it names none, the one of the first document."""
    if of.order_request_id or of.external_order_request_id:
        return of
    ids = {"orderRequestId": first.order_request_id, "externalOrderRequestId": first.external_order_request_id}
    return OfOrder.model_validate(ids)


def _check_repeated(order: Order, body: list[RequestBody]) -> None:
    """Raise `Refused` (422) for a document that names another order than the query does, or the first document."""
    own = ({"", str(order.pk)}, {"", order.external_id})
    for each in body:
        if each.order_request_id not in own[0] or each.external_order_request_id not in own[1]:
            sentence = (
                "Un document nomme un autre ordre que la requête ou le premier document "
                "(orderRequestId, externalOrderRequestId)."
            )
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, sentence)


def _sign(request: HttpRequest, asked: SignQuery) -> list[RequestAnswer]:
    order = _order(request, asked)
    url = asked.async_post_url if asked.mode == "ASYNC" else ""
    if len(url) > LONGEST_URL or (url and not callbacks.admits(order.client.callback_hosts, url)):
        sentence = (
            f"asyncPostUrl : une adresse https de {LONGEST_URL} caractères au plus, "
            "dont l'hôte est enregistré pour ce compte, ou rien."
        )
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.ASYNC_URL, sentence)
    order = bare.sign(
        order=order,
        code=asked.otp or None,
        try_id=str(uuid.uuid4()),
        callback_url=url,
        actor=lookup.actor(request),
        at=now(),
    )
    if asked.mode == "SYNC":
        _wait(order, Order.Work.SIGN, seconds=settings.SYNC_SECONDS)
        _check_not_ended(order)
    return answers.of_documents(order)


def _check_not_ended(order: Order) -> None:
    """Raise `WrongState` where the order was refused or given up while this call waited: the other one has won."""
    if order.status == OrderStatus.DISCARDED:
        raise endings.WrongState


def _order(request: HttpRequest, of: OfOrder) -> Order:
    return lookup.order(request, of.order_request_id, of.external_order_request_id)


def _wait(order: Order, work: Order.Work, *, seconds: float) -> None:
    """Until it is done, or waits itself for an authority: that may take longer than anybody's patience, or threads."""
    waiting.while_any(Order.objects.filter(pk=order.pk, work=work, waiting_for=""), seconds=seconds)
    order.refresh_from_db()
