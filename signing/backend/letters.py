"""The message that carries a code, by mail or SMS, and how a contact is masked for the screen."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from evidence import chain, events
from evidence.models import Opening
from otp import caps, gsm, wishes
from otp.codes import Issued
from otp.delivery import Mail, Sms
from otp.masking import masked_address, masked_number
from otp.models import Channel
from signing.backend.challenges import Challenge
from signing.backend.models import Order
from signing.clients.applications import FIELDS, application_of, filled, for_browsers, title
from signing.clients.models import Client
from signing.clients.writing import written


def code_message(order: Order, issued: Issued) -> Mail | Sms:
    """The message with a code: the code first, then what it signs (reference and digits), then until when."""
    context = {
        "host": urlsplit(settings.PUBLIC_URL).hostname,
        "client": order.client,
        "sender": _sender(order.client, order.application),
        "signer": {"full_name": f"{order.first_name} {order.last_name}".strip(), "first_name": order.first_name},
        "code": issued.plain,
        "valid_until": issued.valid_until,
        "reference": order.reference,
        "digits": order.digits,
        "documents_count": order.requests.count(),
        "bare": order.bare,  # the page where the code is typed is the client's: it is not spoken of
    }
    if not order.bare:
        context |= wishes.addresses(owner=order.signer, contact=order.contact)
    with translation.override(order.language):
        if order.channel == Channel.SMS:
            return replace(_code_sms(order, context), lasts=order.client.policy.validity_seconds)
        subject, text, html = written("code", context, client=order.client)
        return Mail(
            recipient=order.contact,
            subject=subject,
            text=text,
            html=html,
            sender=order.client.mail_name,
            reply_to=order.client.reply_to,
        )


def alone_message(challenge: Challenge, issued: Issued) -> Mail | Sms:
    """The message with a code that stands alone; in French."""
    client = challenge.client
    context = {
        "client": client,
        "sender": _sender(client, challenge.application),
        "code": issued.plain,
        "valid_until": issued.valid_until,
    }
    with translation.override("fr"):
        if challenge.channel == Channel.SMS:
            return replace(_alone_sms(challenge, context), lasts=client.policy.validity_seconds)
        subject, text, html = written("alone", context, client=client)
        return Mail(
            recipient=challenge.contact,
            subject=subject,
            text=text,
            html=html,
            sender=client.mail_name,
            reply_to=client.reply_to,
        )


def spend(of: Order | Challenge, message: Mail | Sms, at: datetime) -> None:
    """Count a message with a code against the caps of its contact and client, an SMS by its parts. Raises `Capped`."""
    caps.spend(**_counted(of, message), at=at)


def give_back(of: Order | Challenge, message: Mail | Sms, at: datetime) -> None:
    """Take back what `spend` counted at this instant: nobody took the message."""
    caps.give_back(**_counted(of, message), at=at)


def _counted(of: Order | Challenge, message: Mail | Sms) -> dict[str, Any]:
    return {
        "tenant": str(of.client_id),
        "policy": of.client.policy,
        "channel": of.channel,
        "contact": of.contact,
        "parts": gsm.size(message.text).parts,
    }


def _code_sms(order: Order, context: dict[str, Any]) -> Sms:
    """In the words of the application, where it has its own; the last line fills the code in on our page."""
    application = application_of(order.client_id, order.application)
    if application is None:
        return Sms(order.contact, _own_words("sms/code.txt", context))
    values = {
        "code": context["code"],
        "reference": order.reference,
        "digits": f"{order.digits[:4]} {order.digits[4:]}".strip(),
        "documents": str(context["documents_count"]),
        "title": title(_titles(order), named=application.names_document and not order.bare),
        "client": order.client.name,
        "until": _hour(context["valid_until"]),
    }
    line = "" if order.bare else for_browsers(context["code"])
    return Sms(order.contact, filled(application.text, values) + line, sender=application.sender)


def _own_words(template: str, context: dict[str, Any]) -> str:
    """Ours, where the client has set none: a name in them makes no SMS twice as long by one letter."""
    return gsm.fitting(gsm.plain(render_to_string(template, context).strip()))


def _titles(order: Order) -> list[str]:
    """What the documents to be signed are called, as they were handed in; in a bare order by an id, which none is."""
    wanted = list(order.requests.order_by("n").values_list("document", flat=True))
    told = Opening.objects.filter(entry__trail=order.trail, entry__kind=events.DocumentAdded.kind, field="title")
    titles = {
        chain.members(bytes(each.entry.canonical))["data"]["document"]: each.value
        for each in told.select_related("entry")
    }
    return [titles.get(document, "") for document in wanted]


def _alone_sms(challenge: Challenge, context: dict[str, Any]) -> Sms:
    application = application_of(challenge.client_id, challenge.application)
    if application is None:
        return Sms(challenge.contact, _own_words("sms/alone.txt", context))
    values = dict.fromkeys(FIELDS, "") | {
        "title": title([], named=False),
        "code": context["code"],
        "client": challenge.client.name,
        "until": _hour(context["valid_until"]),
    }
    return Sms(challenge.contact, filled(application.text, values), sender=application.sender)


def _hour(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(settings.TIME_ZONE_SHOWN)):%H:%M}"


def _sender(client: Client, application: str) -> str:
    return f"{client.name}, {application}" if application else client.name


def masked(order: Order) -> str:
    """The contact of an order as a screen shows it."""
    return masked_number(order.contact) if order.channel == Channel.SMS else masked_address(order.contact)
