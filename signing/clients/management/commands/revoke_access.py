"""`manage.py revoke_access CERTIFICATE`: close the service to a certificate of a client's machines.

Where the file is gone, `revoke_access --client CODE --serial HEX` or `--sha256 HEX`: `list_access` has both.
"""

from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.timezone import now

from evidence import bell
from signing.clients import certificates
from signing.clients.models import AccessCertificate


class Command(BaseCommand):
    help = "Revoke an access certificate: refused by the next request, and listed for TLS as soon as a worker hears it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("certificate", type=Path, nargs="?", help="the certificate as a PEM file")
        parser.add_argument("--client", metavar="CODE", default="", help="whose it is, where the file is gone")
        parser.add_argument("--serial", metavar="HEX", default="", help="its serial number (list_access)")
        parser.add_argument("--sha256", metavar="HEX", default="", help="SHA-256 of its DER (list_access)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say whose it was. Revoking once more changes nothing."""
        client, serial, sha256 = options["client"], options["serial"], options["sha256"]
        ways = (bool(options["certificate"]), bool(client and serial), bool(client and sha256))
        if sum(ways) != 1:
            raise CommandError("donnez le fichier, ou --client avec --serial ou --sha256 (list_access les montre)")
        if options["certificate"]:
            found = _of_file(options["certificate"])
        else:
            found = certificates.named(client=client, serial=serial, fingerprint=sha256)
        if found is None:
            raise CommandError("ce certificat n'est celui d'aucun client")
        with transaction.atomic():
            certificates.revoke(found, at=now())
            bell.ring(bell.Next("signing.backend.tasks.heartbeat"))
        self.stdout.write(f"{found.client.name} : certificat {found.fingerprint} révoqué")


def _of_file(path: Path) -> AccessCertificate | None:
    """The certificate of a PEM file; raises CommandError where it is none."""
    try:
        given = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise CommandError(f"ce certificat ne se lit pas : {error}") from error
    fingerprint = certificates.fingerprint(given.public_bytes(Encoding.DER))
    return AccessCertificate.objects.filter(fingerprint=fingerprint).select_related("client").first()
