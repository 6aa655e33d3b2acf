from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class SigningConfig(AppConfig):
    name = "signing"
    label = "signing"
    verbose_name = _("Parcours")

    def ready(self) -> None:
        """Register the check of the gateway and what elimination asks of us, and listen to reports of messages.

        All of them need the rows of all apps.
        """
        from evidence import precedence  # noqa: PLC0415
        from evidence.archive import tenants  # noqa: PLC0415
        from otp.reports import reported  # noqa: PLC0415
        from signing.gateway.checks import GATEWAY, another_certsign  # noqa: PLC0415
        from signing.jobs import keeping, paths, reports  # noqa: PLC0415

        tenants.register(keeping.TENANT)
        precedence.register(paths.waited_for)
        checks.register(another_certsign, GATEWAY)
        reported.connect(reports.told, dispatch_uid="messages of paths")
