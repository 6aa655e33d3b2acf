"""What the trail tells of a certificate and of signed documents, each fact with its own instant.

The entries of an order are committed together, after the last fact; their instants are those of the facts, in order.
What somebody else did in the envelope meanwhile stands before them in the trail, with a later instant.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from evidence import chain, events, files, timestamps
from signing.backend import authority, revocation
from signing.backend.models import Certificate, Order, SignatureRequest
from signing.engine import pades
from signing.engine.keys import OneUseKey


@dataclass(frozen=True)
class Made:
    """One signed document, checked and stored, not yet committed.

    `at`: the signing time, before the signature value and its tokens; `stamped_at`: both tokens were there;
    `checked_at`: the check had passed. `external`: somebody else's authority stamped.
    """

    request: SignatureRequest
    signed: pades.SignedPdf
    sha256: str
    use: int
    checks: tuple[str, ...]
    at: datetime
    stamped_at: datetime
    checked_at: datetime
    external: bool = False

    def discard(self) -> None:
        """Remove the signed file and its tokens, which no row names; their certificate is abandoned by another."""
        for token in self.signed.tokens:
            files.discard(hashlib.sha256(token).hexdigest())
        files.discard(self.sha256)


@dataclass(frozen=True)
class Credential:
    """The one-use key and its certificate."""

    row: Certificate
    key: OneUseKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


Told = tuple[events.Event, datetime]


def of_order(
    order: Order, credential: Credential, made: list[Made], revoked: revocation.Current, destroyed_at: datetime
) -> Iterator[Told]:
    """What the trail tells of a signed order, in the order of time: list taken, documents signed, key destroyed."""
    signer, serial = order.signer, credential.row.serial
    collected = events.RevocationCollected(
        signer=signer,
        issuer=credential.chain[0].subject.rfc4514_string(),
        number=revoked.number,
        this_update=chain.instant(revoked.this_update),
        next_update=chain.instant(revoked.next_update),
        sha256=revoked.sha256,
    )
    if any(each.signed.level.is_long_term for each in made):
        yield collected, revoked.taken_at
    for each in made:
        yield from _of_document(order, serial, each)
    yield events.KeyDestroyed(signer=signer, serial=serial, uses=credential.key.uses), destroyed_at


def _of_document(order: Order, serial: str, made: Made) -> Iterator[Told]:
    """One signed document: key used, signature, its time stamps, the check."""
    signer, document = order.signer, made.request.document
    digest = made.request.digest
    used = events.KeyUsed(signer=signer, serial=serial, document=document, use=made.use, digest_algorithm=digest)
    yield used, made.at
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
        level=made.signed.level.value,
        binding=order.binding,
    )
    yield signature, made.at
    for over, token in zip(("signature", "document"), made.signed.tokens, strict=False):
        yield _of_token(signer, document, over, token, external=made.external), made.stamped_at
    verified = events.SignatureVerified(signer=signer, document=document, sha256=made.sha256, checks=list(made.checks))
    yield verified, made.checked_at


def _of_token(signer: str, document: str, over: str, token: bytes, *, external: bool) -> events.Event:
    facts = timestamps.token_facts(token)
    return events.TimestampObtained(
        signer=signer,
        document=document,
        over="signature" if over == "signature" else "document",
        time=chain.instant(facts.time),
        policy=facts.policy,
        serial=f"{facts.serial:x}",
        authority=facts.authority,
        operated_by="third_party" if external else None,
        token_sha256=facts.sha256,
    )


def of_certificate(
    order: Order, row: Certificate, key: OneUseKey, certificate: x509.Certificate, above: tuple[x509.Certificate, ...]
) -> events.Event:
    return events.CertificateIssued(
        signer=order.signer,
        serial=row.serial,
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        spki_sha256=key.spki_sha256,
        issuer=certificate.issuer.rfc4514_string(),
        issuer_sha256=above[0].fingerprint(hashes.SHA256()).hex(),
        root_sha256=above[-1].fingerprint(hashes.SHA256()).hex(),
        policy=authority.signer_policy(test=order.is_test),
        not_before=chain.instant(certificate.not_valid_before_utc),
        not_after=chain.instant(certificate.not_valid_after_utc),
        certificate=certificate.public_bytes(Encoding.PEM).decode(),
    )
