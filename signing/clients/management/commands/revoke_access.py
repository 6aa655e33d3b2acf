"""`manage.py revoke_access CERTIFICATE`: close the service to a certificate of a client's machines."""

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
        parser.add_argument("certificate", type=Path, help="the certificate as a PEM file")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say whose it was. Revoking once more changes nothing."""
        try:
            given = x509.load_pem_x509_certificate(options["certificate"].read_bytes())
        except (OSError, ValueError) as error:
            raise CommandError(f"ce certificat ne se lit pas : {error}") from error
        fingerprint = certificates.fingerprint(given.public_bytes(Encoding.DER))
        found = AccessCertificate.objects.filter(fingerprint=fingerprint).select_related("client").first()
        if found is None:
            raise CommandError("ce certificat n'est celui d'aucun client")
        with transaction.atomic():
            certificates.revoke(found, at=now())
            bell.ring(bell.Next("signing.backend.tasks.heartbeat"))
        self.stdout.write(f"{found.client.name} : certificat {fingerprint} révoqué")
