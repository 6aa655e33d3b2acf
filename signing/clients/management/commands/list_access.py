"""`manage.py list_access [CODE]`: the access certificates of clients, and until when each is good."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from signing.clients import certificates
from signing.clients.models import AccessCertificate, Client


class Command(BaseCommand):
    help = "List access certificates, the first to end first: revoke_access takes serial or fingerprint from here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", nargs="?", help="of one client; without it, of all")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print one JSON object a line: client, state (good, later, ended, revoked), end, serial, fingerprint."""
        rows = AccessCertificate.objects.select_related("client").order_by("not_after", "pk")
        if options["code"]:
            if not Client.objects.filter(code=options["code"]).exists():
                raise CommandError(f"aucun client {options['code']}")
            rows = rows.filter(client__code=options["code"])
        at = now()
        for row in rows:
            told = {
                "client": row.client.code,
                "state": certificates.state_of(row, at=at),
                "not_after": row.not_after.isoformat(),
                "serial": row.serial,
                "sha256": row.fingerprint,
            }
            self.stdout.write(json.dumps(told))
