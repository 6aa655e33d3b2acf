"""`manage.py rotate_access CODE --out DIR`: one more certificate for a client's machines; the former stays good."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.timezone import now

from evidence.keys import KeyUnavailable
from signing.clients.handover import check_folder, hand_over
from signing.clients.models import Client


class Command(BaseCommand):
    help = (
        "Issue a client's next access certificate into DIR; revoke_access ends the former once machines have changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print `{"client", "folder", "password", "certificates"}`, the last how many are good now."""
        client = Client.objects.filter(code=options["code"]).first()
        if client is None:
            raise CommandError(f"aucun client {options['code']}")
        try:
            with transaction.atomic():
                check_folder(options["out"])
                password = hand_over(client, options["out"], at=now())
        except (KeyUnavailable, OSError) as error:
            raise CommandError(str(error)) from error
        good = client.access_certificates.filter(revoked_at=None, not_after__gt=now()).count()
        told = {"client": client.code, "folder": str(options["out"]), "password": password, "certificates": good}
        self.stdout.write(json.dumps(told, ensure_ascii=False))
