"""How the visible signatures of a client look: what may be kept as its logo, and what a stamp of it looks like."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from signing.clients.models import Look
from signing.engine import pictures
from signing.engine.stamp import Stamp

MOST_BYTES = 500_000


def check_logo(content: bytes) -> None:
    """Raise ValidationError for what is no PNG or JPEG, or is too large to go into every signature."""
    if len(content) > MOST_BYTES:
        raise ValidationError(_("Ce logo dépasse 500 Ko."))
    try:
        pictures.read(content)
    except pictures.NoPicture as error:
        raise ValidationError(_("Ce logo n’est pas une image PNG ou JPEG.")) from error


def sample(look: Look, *, at: datetime) -> Stamp:
    """The stamp of an imaginary signer in this look, on a document of one page."""
    place: dict[str, Any] = look.place | ({"page": 1} if look.page else {})
    reference = f"{look.client.code}-{at.year}-000001"
    return Stamp(
        name="Camille Martin",
        signed_at=at,
        zone=settings.TIME_ZONE_SHOWN,
        reference=reference,
        digits="0123abcd",
        logo=look.picture,
        label=look.label,
        test=look.client.is_test,
        **place,
    )
