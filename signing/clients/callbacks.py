"""Where a client's call-backs go, and what they are signed with.

Hosts: one a line, `host` or `host:port`; 443 where none is given. The secret is derived from the installation's
SECRET_KEY and not stored: a copy of the database gives it to nobody.
"""

import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from signing.clients.models import Client

HTTPS_PORT = 443
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?P<host>{_LABEL}(\.{_LABEL})*)(:(?P<port>[0-9]{{1,5}}))?")


def check(text: str) -> None:
    """Raise ValidationError for a line that is no host: an address, a URL, a port that is none."""
    for line in text.split():
        if _read(line) is None:
            told = _("« %(line)s » n’est pas un hôte, comme rappels.exemple.fr ou rappels.exemple.fr:8443.")
            raise ValidationError(told, params={"line": line})


def admits(text: str, url: str) -> bool:
    """Whether a URL is https, without a name or password in it, at one of the hosts and ports."""
    if any(each.isspace() or not each.isprintable() for each in url):  # before urlsplit leaves some of them out
        return False
    try:
        asked = urlsplit(url)
        port = HTTPS_PORT if asked.port is None else asked.port
    except ValueError:
        return False
    if asked.scheme != "https" or asked.username is not None or asked.password is not None:
        return False
    return ((asked.hostname or "").lower(), port) in [_read(line) for line in text.split()]


def secret(client: "Client") -> bytes:
    """The key of the signatures over a client's call-backs (HMAC-SHA-256)."""
    return salted_hmac("paraphe.callbacks", f"{client.pk}:{client.code}", algorithm="sha256").digest()


def shown(client: "Client") -> str:
    """The secret as the integrator is given it, in the form of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secret(client)).decode()


def _read(line: str) -> tuple[str, int] | None:
    found = _HOST.fullmatch(line.lower())
    if found is None or found["host"].replace(".", "").isdigit():
        return None
    port = int(found["port"] or HTTPS_PORT)
    return (found["host"], port) if 0 < port < 1 << 16 else None
