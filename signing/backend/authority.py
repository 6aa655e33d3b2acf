"""The issuing CA as this installation runs it: its key from `evidence.keys`, its policy from `pki.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from evidence import keys
from signing.engine.ca import IssuingAuthority

DECLARED = Path(__file__).with_name("pki.toml")


def issuing() -> IssuingAuthority:
    """The CA that issues one-use certificates; raises `evidence.keys.KeyUnavailable`."""
    identity = keys.open_identity("issuing")
    return IssuingAuthority(
        identity.key,
        identity.certificate,
        identity.chain,
        pki_url=settings.PKI_URL,
        policy=signer_policy(),
        cps_uri=declared()["policies"]["cps_uri"],
    )


def signer_policy() -> str:
    """The policy OID of one-use certificates."""
    return str(declared()["policies"]["signer"])


@cache
def declared() -> dict[str, Any]:
    """The declared file of the PKI."""
    return tomllib.loads(DECLARED.read_text())
