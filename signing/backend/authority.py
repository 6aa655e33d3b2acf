"""The issuing CA as this installation runs it: its key from `evidence.keys`, its policy from the declared file."""

from django.conf import settings

from evidence import keys
from signing.backend.pki import Declaration, declared
from signing.engine.ca import IssuingAuthority

NOTICE = (
    "Signature électronique simple, certificat à usage unique, non qualifié. "
    "Simple electronic signature, one-use certificate, not qualified."
)
"""What readers of PDF show as the notice of the policy, to people of any language."""
TEST = "TEST, sans valeur, without value."


def issuing(*, test: bool = True) -> IssuingAuthority:
    """The CA that issues one-use certificates; raises `evidence.keys.KeyUnavailable`.

    `test`: for a client of the sandbox. For one of production it is not available where the keys are the sandbox's.
    """
    identity = keys.open_identity("issuing")
    if not test and keys.are_of_sandbox():
        raise keys.KeyUnavailable("these keys are the sandbox's: no signature of production is made with them")
    return IssuingAuthority(
        identity.key,
        identity.certificate,
        identity.chain,
        pki_url=settings.PKI_URL,
        policy=signer_policy(test=test),
        cps_uri=_declaration().cps_uri(settings.PKI_URL),
        notice=f"{TEST} {NOTICE}" if test else NOTICE,
    )


def signer_policy(*, test: bool) -> str:
    """The policy OID of one-use certificates, dotted; those of the sandbox have one of their own."""
    return _declaration().policies["signer_test" if test else "signer"]


def _declaration() -> Declaration:
    return declared(arc=settings.POLICY_ARC)
