from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackendConfig(AppConfig):
    name = "signing.backend"
    label = "backend"
    verbose_name = _("Service de signature")

    def ready(self) -> None:
        """Register what `check --deploy` and elimination ask, and listen to what carriers report of codes."""
        from evidence import precedence  # noqa: PLC0415 - when the rows of all apps are there
        from evidence.archive import tenants  # noqa: PLC0415 - likewise
        from otp.reports import reported  # noqa: PLC0415 - likewise
        from signing.backend import checks, jobs, keeping, reports  # noqa: F401, PLC0415 - likewise

        tenants.register(keeping.TENANT)
        precedence.register(jobs.waited_for)
        reported.connect(reports.told, dispatch_uid="codes of orders")
