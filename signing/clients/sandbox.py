"""The sandbox client's access certificate, kept in the sandbox's folder as long as it will do."""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.clients import certificates
from signing.clients.handover import FILES, hand_over
from signing.clients.models import AccessCertificate, Client

RENEWED_BEFORE = timedelta(days=30)


def keep_certificate(client: Client, folder: Path, *, at: datetime) -> str | None:
    """Put the files of `signing.clients.handover` into `folder` (0600) where they are missing or will not do any more.

    They will do while all are there and the certificate is registered, not revoked and not in its last thirty
    days. Gives the password of new ones, None where nothing was made. A former certificate stays registered.
    Raises `evidence.keys.KeyUnavailable` where the access CA is not there.
    """
    return None if _will_do(client, folder, at) else hand_over(client, folder, at=at)


def _will_do(client: Client, folder: Path, at: datetime) -> bool:
    if not all((folder / name).is_file() for name in FILES):
        return False
    try:
        found = x509.load_pem_x509_certificate((folder / "client.crt").read_bytes())
    except ValueError:
        return False
    der = found.public_bytes(Encoding.DER)
    lasting = AccessCertificate.objects.filter(client=client, revoked_at=None, not_after__gt=at + RENEWED_BEFORE)
    return lasting.filter(fingerprint=certificates.fingerprint(der)).exists()
