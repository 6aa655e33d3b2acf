"""The sandbox client's access certificate as files: what an integrator hands to their HTTP library."""

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from evidence import keys
from signing.clients import certificates
from signing.clients.models import AccessCertificate, Client
from signing.engine.profiles import Issuer

FILES = ("client.crt", "client.key", "client.p12")
RENEWED_BEFORE = timedelta(days=30)


def keep_certificate(client: Client, folder: Path, *, at: datetime) -> str | None:
    """Put client.crt, client.key and client.p12 into `folder` (0600) where they are missing or will not do any more.

    They will do while all three are there and the certificate is registered, not revoked and not in its last thirty
    days. Gives the password of a new client.p12, None where nothing was made. A former certificate stays registered.
    Raises `evidence.keys.KeyUnavailable` where the access CA is not there.
    """
    if _will_do(client, folder, at):
        return None
    authority = keys.open_identity("access")
    issuer = Issuer(authority.key, authority.certificate, f"{settings.PKI_URL}/access")
    made, password = certificates.make(client, issuer, at=at), secrets.token_urlsafe(9)
    _write(folder / "client.key", made.key)
    _write(folder / "client.p12", certificates.packed(made, issuer.certificate, name=client.name, password=password))
    _write(folder / "client.crt", made.certificate)
    return password


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


def _write(path: Path, content: bytes) -> None:
    """Nobody else's from its first moment; there whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    part.replace(path)
