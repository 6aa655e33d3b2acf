"""What a recipient can say back from a mail by one button: addresses that hold a code of ours.

Nothing of them is stored: the code is an HMAC over what is wished, whose message it was and where it went, so that an
address is worth nothing once the contact is another, or was erased.
"""

import hashlib
import hmac
from enum import StrEnum

from django.conf import settings


class Wish(StrEnum):
    NOT_ME = "not-me"
    STOP = "stop"


def address(wish: Wish, *, owner: str, contact: str) -> str:
    """Where the recipient of a message about `owner` (an opaque id, made for URLs) says so."""
    return f"{settings.PUBLIC_URL}/m/{owner}/{wish}/{_code(wish, owner, contact)}"


def addresses(*, owner: str, contact: str) -> dict[str, str]:
    """Both, by the names that mails know them by."""
    return {
        "not_me_link": address(Wish.NOT_ME, owner=owner, contact=contact),
        "stop_link": address(Wish.STOP, owner=owner, contact=contact),
    }


def is_ours(wish: Wish, code: str, *, owner: str, contact: str) -> bool:
    """Whether we wrote this address to this contact; nobody is one who has no contact any more."""
    return bool(contact) and hmac.compare_digest(_code(wish, owner, contact).encode(), code.encode())


def _code(wish: Wish, owner: str, contact: str) -> str:
    key = hashlib.sha256(b"paraphe wishes of recipients\x00" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, f"{wish}\x00{owner}\x00{contact.lower()}".encode(), hashlib.sha256).hexdigest()[:32]
