from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackendConfig(AppConfig):
    name = "signing.backend"
    label = "backend"
    verbose_name = _("Service de signature")

    def ready(self) -> None:
        """Register what `check --deploy` asks."""
        from signing.backend import checks  # noqa: F401, PLC0415 - when the settings are there
