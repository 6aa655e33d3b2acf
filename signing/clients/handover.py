"""A client's access certificate as files: what an integrator hands to their HTTP library.

`client.crt` has the certificate and its key, for libraries that take one file (`curl --cert client.crt`); `client.key`
the key alone, for those that take two; `client.p12` both as PKCS#12 with the access CA's certificate; `client.pem` the
certificate and the encrypted key, for those that take one file and its password (CURLOPT_SSLCERTPASSWD).
"""

import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings

from evidence import keys
from signing.clients import certificates
from signing.clients.models import Client
from signing.engine.profiles import Issuer

FILES = ("client.crt", "client.key", "client.p12", "client.pem")


def hand_over(client: Client, folder: Path, *, at: datetime) -> str:
    """Issue a certificate; write FILES into `folder` (0600), in place of former ones.

    Gives the password of client.p12 and client.pem. A former certificate stays good until it ends or is revoked, so
    that a client's machines change one after the other. Raises `evidence.keys.KeyUnavailable` where the access
    CA is not there.
    """
    authority = keys.open_identity("access")
    issuer = Issuer(authority.key, authority.certificate, f"{settings.PKI_URL}/access")
    made, password = certificates.make(client, issuer, at=at), secrets.token_urlsafe(9)
    _write(folder / "client.key", made.key)
    _write(folder / "client.p12", certificates.packed(made, issuer.certificate, name=client.name, password=password))
    _write(folder / "client.pem", made.certificate + certificates.locked(made.key, password=password))
    _write(folder / "client.crt", made.certificate + made.key)
    return password


def check_folder(folder: Path) -> None:
    """Make a folder for the files; raises FileExistsError where a key is there, which would be lost."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / "client.key").exists():
        raise FileExistsError(f"{folder} : il y a déjà une clé (client.key) ; donnez un autre dossier.")


def _write(path: Path, content: bytes) -> None:
    """Nobody else's from its first moment; there whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    part.replace(path)
