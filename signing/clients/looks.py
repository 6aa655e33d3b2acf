"""How the visible signatures of a client look: what may be kept as its logo."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from signing.engine import pictures

MOST_BYTES = 500_000


def check_logo(content: bytes) -> None:
    """Raise ValidationError for what is no PNG or JPEG, or is too large to go into every signature."""
    if len(content) > MOST_BYTES:
        raise ValidationError(_("Ce logo dépasse 500 Ko."))
    try:
        pictures.read(content)
    except pictures.NoPicture as error:
        raise ValidationError(_("Ce logo n’est pas une image PNG ou JPEG.")) from error
