"""`manage.py open_account CODE NAME --out DIR`: a client whose machines can call the service, in one step."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.timezone import now

from evidence.keys import KeyUnavailable
from otp.models import Policy
from signing.clients import callbacks
from signing.clients.handover import check_folder, hand_over
from signing.clients.models import Client

STANDARD = "Standard"


class Command(BaseCommand):
    help = "Make a client with its access certificate: client.crt, client.key, client.p12 and client.pem in DIR."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", help="prefix of its references, upper case")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--network", action="append", default=[], metavar="CIDR", help="where it calls from")
        parser.add_argument("--callback-host", action="append", default=[], metavar="HOST", help="of its call-backs")
        parser.add_argument(
            "--production", action="store_true", help="real signatures; without it, trials that say TEST"
        )
        parser.add_argument("--policy", default=STANDARD, help="name of its policy of codes, which is there already")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print `{"client", "folder", "password", "callback_secret"}`; leave nothing where something is wrong."""
        try:
            with transaction.atomic():
                policy = _policy(options["policy"])
                client = Client(
                    code=options["code"],
                    name=options["name"],
                    networks="\n".join(options["network"]),
                    callback_hosts="\n".join(options["callback_host"]),
                    policy=policy,
                    environment=Client.Environment.PRODUCTION if options["production"] else Client.Environment.SANDBOX,
                    created_at=now(),
                )
                _check_new(options["code"])
                client.full_clean()
                client.save()
                check_folder(options["out"])
                password = hand_over(client, options["out"], at=now())
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        except (KeyUnavailable, OSError) as error:
            raise CommandError(str(error)) from error
        told = {
            "client": client.code,
            "folder": str(options["out"]),
            "password": password,
            "callback_secret": callbacks.shown(client),
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _check_new(code: str) -> None:
    """Raise CommandError for a code that is there: its settings are not this command's, its access has its own."""
    found = Client.objects.filter(code=code).first()
    if found is None:
        return
    first = "un premier" if not found.access_certificates.exists() else "un autre"
    raise CommandError(
        f"Le client {code} existe déjà : manage.py rotate_access {code} --out DOSSIER lui donne {first} certificat."
    )


def _policy(name: str) -> Policy:
    """The policy of that name; the standard one is made with the first account. Raises CommandError."""
    if name == STANDARD:
        return Policy.objects.get_or_create(name=name)[0]
    found = Policy.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Policy.objects.order_by("name").values_list("name", flat=True)) or "aucune"
        raise CommandError(f"Aucune politique de code ne s’appelle {name} ; il y a : {known}.")
    return found
