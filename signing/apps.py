from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class SigningConfig(AppConfig):
    name = "signing"
    label = "signing"
    verbose_name = _("Parcours")

    def ready(self) -> None:
        """Register the check of the gateway, whose modules need the rows of all apps."""
        from signing.gateway.checks import GATEWAY, another_certsign  # noqa: PLC0415

        checks.register(another_certsign, GATEWAY)
