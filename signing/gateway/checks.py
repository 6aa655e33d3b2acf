"""What must be configured before the path can run against another CertSign: a system check, so that nothing starts.

That files are there is a warning only: the web processes and whoever migrates need not have the worker's key.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's own name

from evidence.verify import roots

GATEWAY = "gateway"  # the tag under which the check is registered
ADAPTER = "signing.gateway.certsign.CertSign"
FILES = ("certificate", "key", "ca", "roots")


def another_certsign(app_configs: Any, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django names it
    """Errors for what SIGNING_GATEWAY asks for and CERTSIGN_… does not give; none where we sign ourselves."""
    if settings.SIGNING_GATEWAY != ADAPTER:
        return []
    to = settings.CERTSIGN
    found: list[CheckMessage] = [
        Error(f"CERTSIGN_{name.upper()} manque : SIGNING_GATEWAY désigne un autre service.", id="signing.E001")
        for name in ("url", "name", *FILES)
        if not to[name]
    ]
    address = urlsplit(to["url"])
    if to["url"] and (address.scheme != "https" or not address.hostname or address.query or address.username):
        found.append(Error("CERTSIGN_URL est une adresse https, sans mot de passe ni requête.", id="signing.E002"))
    for name in FILES:
        if to[name] and not Path(to[name]).is_file():
            told = f"CERTSIGN_{name.upper()} : ce fichier n'est pas lisible ici ; le programme qui signe en a besoin."
            found.append(Warning(told, id="signing.W001"))
    return [*found, *_of_roots(to["roots"])]


def _of_roots(file: str) -> list[CheckMessage]:
    """A file of roots without a certificate lets nothing pass: it is better told before the first signature."""
    if not Path(file).is_file():
        return []
    try:
        roots.read_all(Path(file))
    except roots.NoCertificate:
        return [Error("CERTSIGN_ROOTS ne contient aucun certificat PEM.", id="signing.E003")]
    return []
