"""Orders: create, status, search, delete (certsign-api.md, Orders)."""

import hashlib
from http import HTTPStatus

import rfc8785
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Query, Router, Status

from otp import addresses
from otp.numbers import takes_sms
from signing.backend import bare, opening, wording
from signing.backend.api import contacts, contents, links, lookup
from signing.backend.api.errors import Label, Refused
from signing.backend.api.schemas import Error, OrderAnswer, OrderBody, SearchQuery, Which
from signing.backend.models import Order
from signing.engine import names

router = Router(by_alias=True, tags=["orders"])
REFUSALS = dict.fromkeys((400, 401, 403, 404, 405, 409, 411, 413, 414, 415, 422, 431, 500, 503), Error)
MOST_FOUND = 200


@router.post(
    "/ephemeral/orders",
    response={200: OrderAnswer, **REFUSALS},
    operation_id="createEphemeralOrder",
    openapi_extra=links.after_order,
)
def create_order(request: HttpRequest, body: OrderBody) -> OrderAnswer:
    """Open an order. The same externalOrderRequestId with the same body gives the same order; with another, 409."""
    client, wanted = lookup.caller(request), _opening(body)
    if wanted.otp:
        contacts.check_allowed(client, wanted.channel, wanted.contact)
    order = opening.open_order(client=client, opening=wanted, actor=lookup.actor(request), at=now())
    return answer(order)


@router.get("/ephemeral/orders", response={200: OrderAnswer, **REFUSALS}, operation_id="getOrderStatus")
def order_status(request: HttpRequest, which: Query[Which]) -> OrderAnswer:
    """Where an order stands."""
    return answer(lookup.order(request, which.id, which.external_id))


@router.get("/ephemeral/orders/search", response={200: list[OrderAnswer], **REFUSALS}, operation_id="searchOrders")
def search_orders(request: HttpRequest, asked: Query[SearchQuery]) -> list[OrderAnswer]:
    """The orders of a holder, by e-mail address or mobile number, the newest first; 200 at most, without
    further pages.

    raProfile alone finds all orders of the client: it has one profile, its account, whatever that is called.
    """
    if not (asked.email or asked.mobile or asked.ra_profile):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, "Indiquez email, mobile ou raProfile.")
    rows = lookup.orders(request)
    if asked.mobile:
        rows = rows.filter(_has_mobile(asked.mobile, rows))
    if asked.email:
        # No address has a blank in it: it is a plus that a client did not encode.
        written = asked.email.replace(" ", "+")
        rows = rows.filter(Q(email__iexact=addresses.coded(written)) | Q(email__iexact=written))
    return [answer(order) for order in rows.order_by("-pk")[:MOST_FOUND]]


@router.delete("/ephemeral/orders", response={204: None, **REFUSALS}, operation_id="deleteOrder")
def delete_order(request: HttpRequest, which: Query[Which]) -> Status[None]:
    """Give an order up, until its one-use certificate is generated."""
    order = lookup.order(request, which.id, which.external_id)
    bare.delete(order=order, actor=lookup.actor(request), at=now())
    return Status(204, None)


def answer(order: Order) -> OrderAnswer:
    return OrderAnswer(
        order_request_id=str(order.pk),
        external_order_request_id=order.external_id,
        status=wording.of_order(order, at=now()),
    )


def _has_mobile(written: str, rows: QuerySet[Order]) -> Q:
    """As it was written at the creation: a national number is read in the holder's country, or as a French one.

    Digits alone are looked for with a plus, too, which arrives as a blank where a client does not encode it.
    """
    readings = {written, contacts.number(written, "FR") or written}
    if digits := contacts.plain_digits(written):
        readings.add(f"+{digits}")
    wanted = Q(mobile__in=readings)
    for country in rows.order_by().values_list("country", flat=True).distinct():
        wanted |= Q(country=country, mobile=contacts.number(written, country) or written)
    return wanted


def _opening(body: OrderBody) -> opening.Opening:
    """What a body asks for, judged; raises `Refused` (422)."""
    holder = body.holder
    for name in (holder.firstname, holder.lastname):
        if names.has_controls(name):
            raise contacts.wrong("Un nom contient un caractère invisible (retour à la ligne, caractère de commande).")
    if not names.is_seen(holder.firstname + holder.lastname):
        raise contacts.wrong("Le titulaire a un nom.")
    contacts.check_country(holder.country)
    channel, contact = _contact(body)
    return opening.Opening(
        first_name=holder.firstname,
        last_name=holder.lastname,
        country=holder.country.upper(),
        email=contacts.address(holder.email),
        mobile=contacts.number(holder.mobile, holder.country) or holder.mobile,
        otp=body.enable_otp,
        channel=channel,
        contact=contact,
        external_id=body.external_order_request_id or None,
        id_type=holder.id_type,
        id_number=holder.id_number,
        proof=contents.proof(body.proof_folder.zip_files),
        body_sha256=_digest(body),
    )


def _digest(body: OrderBody) -> str:
    """What the same external id has to come with again. The label of the integrator is never judged, and may differ."""
    told = body.model_dump(mode="json", exclude={"client_identifier"})
    return hashlib.sha256(rfc8785.dumps(told)).hexdigest()


def _contact(body: OrderBody) -> tuple[str, str]:
    """Channel and address of the code: otpContact, else the mobile, else the e-mail address."""
    asked, holder = body.otp_contact, body.holder
    if asked and "@" in asked:
        return "email", contacts.address(asked)
    if asked or holder.mobile:
        number = contacts.number(asked or holder.mobile, holder.country)
        if number and takes_sms(number):
            return "sms", number
        if asked or body.enable_otp:
            raise contacts.wrong(f"Ce numéro ne peut pas recevoir de SMS : {asked or holder.mobile}")
    return "email", contacts.address(holder.email)
