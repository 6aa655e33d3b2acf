"""`manage.py export_client`: everything that the archive keeps of a client, given back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from evidence import files
from evidence.archive import adapters, export
from evidence.archive.package import NotKept
from evidence.archive.vault import Vault
from evidence.models import Deposit
from signing.clients.models import Client


class Command(BaseCommand):
    help = "Write all archived packages of a client with a manifest; with --vault from these folders alone."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the client's code, such as EXS")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder that is new or empty")
        parser.add_argument(
            "--vault", type=Path, nargs="+", metavar="DIR", help="the copies of a vault; the database is not asked"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print JSON: how many packages and files were written, how many deposits still wait."""
        code, out = options["code"], options["out"]
        waiting = 0
        if options["vault"]:
            held: Iterator[export.Held] = export.of_vault(Vault(options["vault"]), code)
        else:
            client = Client.objects.filter(code=code).first()
            if client is None:
                raise CommandError(f"aucun client {code}")
            rows = Deposit.objects.filter(trail__tenant=str(client.pk))
            waiting = rows.filter(state=Deposit.State.QUEUED).count()
            held = map(_held, rows.filter(state=Deposit.State.KEPT).order_by("kept_at").iterator())
        try:
            said = export.write(held, out, code=code, at=now())
        except FileExistsError as error:
            raise CommandError(f"{out} contient déjà des fichiers.") from error
        except (NotKept, files.Missing, LookupError) as error:
            raise CommandError(f"l'archive ne rend pas tout : {error}") from error
        if not said["packages"]:
            raise CommandError(f"l'archive ne garde rien du client {code}")
        count = sum(len(each["files"]) for each in said["packages"])
        told = {"client": code, "packages": len(said["packages"]), "files": count, "waiting": waiting}
        self.stdout.write(json.dumps(told))


def _held(row: Deposit) -> export.Held:
    receipt = files.read(row.receipt_sha256), files.read(row.seal_sha256) if row.seal_sha256 else None
    return export.Held(adapters.named(row.archive), row.section, row.archive_id, receipt)
