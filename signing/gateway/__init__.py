"""The door between the path and a signing service."""

from django.conf import settings
from django.utils.module_loading import import_string

from signing.gateway.contract import Gateway


def gateway() -> Gateway:
    """The adapter that settings.SIGNING_GATEWAY names."""
    made: Gateway = import_string(settings.SIGNING_GATEWAY)()
    return made
