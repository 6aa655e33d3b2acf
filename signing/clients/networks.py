"""Networks that a client's machines may call from: one address or prefix a line, IPv4 or IPv6."""

import ipaddress

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def check(text: str) -> None:
    """Raise ValidationError for a line that is no network."""
    for line in text.split():
        try:
            ipaddress.ip_network(line)
        except ValueError as error:
            told = _("« %(line)s » n’est ni une adresse ni un préfixe, comme 192.0.2.0/24.")
            raise ValidationError(told, params={"line": line}) from error


def admits(text: str, address: str) -> bool:
    """Whether an address is in one of the networks; where there are none, every address is."""
    allowed = [ipaddress.ip_network(line) for line in text.split()]
    if not allowed:
        return True
    try:
        calling = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(calling, "ipv4_mapped", None)
    return any((mapped or calling) in network for network in allowed)
