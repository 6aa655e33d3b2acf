"""What a reader of the signed PDF sees: the reason, and the visible signature as the row asks for it.

A row's `stamp` is None for an invisible signature; else it has `page`, `x` and `y` where they were given. An
integrator's has besides `image` (SHA-256 of a kept file) and `lines`; without these it is the platform's stamp, in the
look of its client and in a `slot`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from evidence import files
from signing.backend.models import Order, SignatureRequest
from signing.clients.models import Look
from signing.engine import names, pictures
from signing.engine.appearance import Visible
from signing.engine.lines import Line
from signing.engine.overlay import Overlay
from signing.engine.stamp import Stamp


def reason(order: Order) -> str:
    """Why it was signed, as readers of PDF show it, in the signer's language."""
    with translation.override(order.language):
        told = translation.gettext("Signature électronique simple, dossier %(reference)s, empreinte %(digits)s")
        test = translation.gettext("TEST, sans valeur")
    said = told % {"reference": order.reference, "digits": order.digits}
    return f"{test} : {said}" if order.is_test else said


def contact(order: Order) -> str:
    """Whom a reader of the signature can ask: the client, as far as it says how."""
    client = order.client
    parts = (client.contact_name, client.contact_phone, client.contact_email)
    return ", ".join(names.clean(part) for part in parts if part)


def visible(order: Order, request: SignatureRequest, at: datetime) -> Visible | None:
    """The visible signature, where one was asked for; what is not said of its place is the client's default."""
    asked = request.stamp
    if asked is None:
        return None
    look = Look.of(order.client)
    place: dict[str, Any] = {"slot": int(asked.get("slot", 0)), "language": order.language}
    place["test"] = order.is_test
    place |= look.place | {name: asked[name] for name in ("page", "x", "y") if asked.get(name) is not None}
    if place.get("page") is not None:
        place["page"] = min(int(place["page"]), request.pages)  # a default is for documents of any length
    if "lines" in asked:
        return Overlay(_picture(asked.get("image")), tuple(_line(each) for each in asked["lines"]), **place)
    return Stamp(
        name=f"{order.first_name} {order.last_name}".strip(),
        signed_at=at,
        zone=settings.TIME_ZONE_SHOWN,
        reference=order.reference,
        digits=order.digits,
        logo=look.picture,
        label=look.label,
        **place,
    )


def _picture(sha256: str | None) -> pictures.Picture | None:
    return pictures.read(files.path_of(sha256).read_bytes()) if sha256 else None


def _line(kept: Mapping[str, Any]) -> Line:
    return Line(**{**kept, "colour": tuple(kept["colour"])})
