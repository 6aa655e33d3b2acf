"""The message that carries a code, and how a contact is masked for the screen."""

from django.template.loader import render_to_string

from otp.codes import Issued
from otp.delivery import Mail
from otp.masking import masked_address, masked_number
from otp.models import Channel
from signing.backend.models import Order


def code_mail(order: Order, issued: Issued) -> Mail:
    """The mail with a code: the code first, then what it signs (reference and digits), then until when."""
    context = {
        "client": order.client,
        "signer": {"full_name": f"{order.first_name} {order.last_name}".strip(), "first_name": order.first_name},
        "code": issued.plain,
        "valid_until": issued.valid_until,
        "reference": order.reference,
        "digits": order.digits,
        "documents_count": order.requests.count(),
    }
    return Mail(
        recipient=order.contact,
        subject=render_to_string("mail/code.subject.txt", context).strip(),
        text=render_to_string("mail/code.txt", context),
        html=render_to_string("mail/code.html", context),
    )


def masked(order: Order) -> str:
    """The contact of an order as a screen shows it."""
    return masked_number(order.contact) if order.channel == Channel.SMS else masked_address(order.contact)
