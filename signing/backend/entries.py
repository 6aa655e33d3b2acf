"""What the trail tells of a certificate and of a signed document."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from evidence import chain, events, timestamps
from signing.backend import authority
from signing.backend.models import Certificate, Order, SignatureRequest
from signing.engine import pades
from signing.engine.keys import OneUseKey

DIGEST = "sha256"
LEVEL = "PAdES_BASELINE_LTA"


@dataclass(frozen=True)
class Made:
    """One signed document, checked and stored, not yet committed."""

    request: SignatureRequest
    base_size: int
    signed: pades.SignedPdf
    sha256: str
    use: int
    checks: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class Credential:
    """The one-use key and its certificate."""

    row: Certificate
    key: OneUseKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def of_document(order: Order, serial: str, made: Made) -> list[events.Event]:
    """What the trail tells of one signed document: key used, signature, its time stamps, the check."""
    signer, document = order.external_id, made.request.document
    signature = events.SignatureMade(
        signer=signer,
        document=document,
        sha256=made.sha256,
        bytes=made.signed.size,
        presented_sha256=made.request.presented_sha256,
        prefix_length=made.request.presented_size,
        byte_range=list(made.signed.byte_range),
        signature_sha256=made.signed.signature_sha256,
        field=f"Paraphe-{serial[:12]}",
        level=LEVEL,
        binding=order.binding,
    )
    used = events.KeyUsed(signer=signer, serial=serial, document=document, use=made.use, digest_algorithm=DIGEST)
    verified = events.SignatureVerified(signer=signer, document=document, sha256=made.sha256, checks=list(made.checks))
    tokens = [
        _of_token(signer, document, over, token)
        for over, token in zip(("signature", "document"), made.signed.tokens, strict=True)
    ]
    return [used, signature, *tokens, verified]


def _of_token(signer: str, document: str, over: str, token: bytes) -> events.Event:
    facts = timestamps.token_facts(token)
    return events.TimestampObtained(
        signer=signer,
        document=document,
        over="signature" if over == "signature" else "document",
        time=chain.instant(facts.time),
        policy=facts.policy,
        serial=f"{facts.serial:x}",
        authority=facts.authority,
        token_sha256=facts.sha256,
    )


def of_certificate(
    order: Order, row: Certificate, key: OneUseKey, certificate: x509.Certificate, above: tuple[x509.Certificate, ...]
) -> events.Event:
    return events.CertificateIssued(
        signer=order.external_id,
        serial=row.serial,
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        spki_sha256=key.spki_sha256,
        issuer=certificate.issuer.rfc4514_string(),
        issuer_sha256=above[0].fingerprint(hashes.SHA256()).hex(),
        root_sha256=above[-1].fingerprint(hashes.SHA256()).hex(),
        policy=authority.signer_policy(),
        not_before=chain.instant(certificate.not_valid_before_utc),
        not_after=chain.instant(certificate.not_valid_after_utc),
        certificate=certificate.public_bytes(Encoding.PEM).decode(),
    )
