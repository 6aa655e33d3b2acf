from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OtpConfig(AppConfig):
    name = "otp"
    label = "otp"
    verbose_name = _("Codes et messages")

    def ready(self) -> None:
        """Listen to what mail providers report (anymail's webhooks); know the table of seats, whoever is started."""
        from anymail.signals import tracking  # noqa: PLC0415 - when the rows are there

        from otp import providers, seats  # noqa: F401, PLC0415 - likewise

        tracking.connect(providers.tracked, dispatch_uid="mail of providers")
