"""`manage.py install_authority --certificate … --root … --root-list … [--key …]`: an issuing CA from elsewhere."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from evidence import disk
from evidence.keys import KeyUnavailable, token
from signing.backend import given


class Command(BaseCommand):
    requires_system_checks = ()  # it runs before there is anything to check
    help = "Install the operator's own issuing CA; the ceremony then makes the rest below it. Again: a newer list."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--certificate", type=Path, required=True, metavar="CRT")
        parser.add_argument("--root", type=Path, required=True, metavar="CRT", help="self-signed, directly above it")
        parser.add_argument("--root-list", type=Path, required=True, metavar="CRL", help="the root's, in force")
        parser.add_argument("--key", type=Path, metavar="KEY", help="PEM; left out where PKCS11_KEYS has issuing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Everything is judged before anything is written."""
        held = None
        try:
            if options["key"] is None and "issuing" in settings.PKCS11_KEYS:
                held = token().key("issuing")
            found = given.read(options["certificate"], options["root"], options["root_list"], options["key"], held=held)
            given.check(found, at=timezone.now())
            keys = disk.folder(settings.KEYS_DIR, mode=0o700)
            public = disk.folder(settings.PKI_DIR, mode=0o755)
            with disk.alone(keys):
                found.install(keys, public)
        except (given.AuthorityRefused, KeyUnavailable) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{found.certificate.subject.rfc4514_string()} : installée.")
