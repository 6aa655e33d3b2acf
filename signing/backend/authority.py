"""The issuing CA as this installation runs it: its key from `evidence.keys`, its policy from the declared file."""

from django.conf import settings

from evidence import keys
from signing.backend.pki import declared
from signing.engine.ca import IssuingAuthority


def issuing() -> IssuingAuthority:
    """The CA that issues one-use certificates; raises `evidence.keys.KeyUnavailable`."""
    identity = keys.open_identity("issuing")
    return IssuingAuthority(
        identity.key,
        identity.certificate,
        identity.chain,
        pki_url=settings.PKI_URL,
        policy=signer_policy(),
        cps_uri=declared().cps_uri(settings.PKI_URL),
    )


def signer_policy() -> str:
    """The policy OID of one-use certificates, dotted."""
    return declared().policies["signer"]
