"""The access CA's revocation list as files: DER for `/pki/`, PEM for what judges clients in the handshake."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from evidence import disk, keys
from signing.clients import certificates


def publish(at: datetime) -> datetime:
    """Renew the list where one is due, put it where it is read, and tell when it ends; raises KeyUnavailable."""
    authority = keys.open_identity("access")
    folder = Path(settings.PKI_DIR)
    der, pem = folder / "access.crl", folder / "access.crl.pem"
    with disk.alone(folder):
        current = der.read_bytes() if der.is_file() else None
        made, ends = certificates.next_list(current, authority.key, authority.certificate, at=at)
        disk.write(der, made, mode=0o644)
        disk.write(pem, certificates.as_pem(made), mode=0o644)
    return ends
