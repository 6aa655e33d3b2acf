"""The signing of a walked path: a real one-use certificate, real tokens, the presented file inside the signed one."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_crl
from pyhanko.pdf_utils.reader import PdfFileReader

from evidence import chain, events, files, seal, timestamps
from evidence.keys import Identity
from tests.evidence import pki


@dataclass(frozen=True)
class Made:
    """What the worker knows of one signed file."""

    sha256: str
    size: int
    byte_range: list[int]
    value_sha256: str
    tokens: tuple[bytes, bytes]


def sign(presented: bytes, identity: Identity, at: datetime, *, reason: str = "essai") -> Made:
    """Sign the bytes (invisible, B-LTA); the signed file is stored."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.pdf", Path(folder) / "out.pdf"
        source.write_bytes(presented)
        seal.seal_pdf(source, target, identity, pki.stamper(), crls=pki.crls(), reason=reason, at=at)
        with target.open("rb") as file:
            *_, first, last = PdfFileReader(file).embedded_signatures
            token = next(
                each["values"][0]
                for each in first.signer_info["unsigned_attrs"]
                if each["type"].native == "signature_time_stamp_token"
            )
            return Made(
                files.put(target),
                target.stat().st_size,
                [int(each) for each in first.byte_range],
                hashlib.sha256(first.signer_info["signature"].native).hexdigest(),
                (token.dump(), cms.ContentInfo.load(last.pkcs7_content).dump()),
            )


def certified(identity: Identity, *, signer: str, binding: str) -> Iterator[events.Event]:
    """Request, key and certificate."""
    own = identity.certificate
    serial = f"{own.serial_number:x}"
    spki = hashlib.sha256(own.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
    for above in identity.chain:
        files.put_bytes(above.public_bytes(Encoding.DER))
    yield events.CertificateRequested(
        signer=signer, serial=serial, policy=pki.POLICY, binding=binding, subject=own.subject.rfc4514_string()
    )
    yield events.KeyCreated(
        signer=signer,
        serial=serial,
        algorithm="EC P-256",
        means="logiciel : OpenSSL, mémoire du processus de signature",
        spki_sha256=spki,
    )
    yield events.CertificateIssued(
        signer=signer,
        serial=serial,
        sha256=own.fingerprint(hashes.SHA256()).hex(),
        spki_sha256=spki,
        issuer=own.issuer.rfc4514_string(),
        issuer_sha256=identity.chain[0].fingerprint(hashes.SHA256()).hex(),
        root_sha256=identity.chain[-1].fingerprint(hashes.SHA256()).hex(),
        policy=pki.POLICY,
        not_before=chain.instant(own.not_valid_before_utc),
        not_after=chain.instant(own.not_valid_after_utc),
        certificate=own.public_bytes(Encoding.PEM).decode(),
    )


def told(
    made: Made, *, identity: Identity, signer: str, document: str, presented: bytes, binding: str, use: int
) -> Iterator[events.Event]:
    """What the trail tells of one signed document."""
    serial = f"{identity.certificate.serial_number:x}"
    yield events.KeyUsed(signer=signer, serial=serial, document=document, use=use, digest_algorithm="sha256")
    yield events.SignatureMade(
        signer=signer,
        document=document,
        sha256=made.sha256,
        bytes=made.size,
        presented_sha256=hashlib.sha256(presented).hexdigest(),
        prefix_length=len(presented),
        byte_range=made.byte_range,
        signature_sha256=made.value_sha256,
        field="Cachet",
        level="B-LTA",
        binding=binding,
    )
    for over, token in zip(("signature", "document"), made.tokens, strict=True):
        yield _token(signer, document, over, token)
    yield events.SignatureVerified(
        signer=signer,
        document=document,
        sha256=made.sha256,
        checks=["prefix", "byte_range", "message_digest", "signature", "chain", "page_count"],
    )


def ended(identity: Identity, *, signer: str, uses: int) -> Iterator[events.Event]:
    """The list that was embedded, and the end of the key."""
    der = pki.crls()[0]
    crl = load_der_x509_crl(der)
    assert crl.next_update_utc
    yield events.RevocationCollected(
        signer=signer,
        issuer=crl.issuer.rfc4514_string(),
        number=1,
        this_update=chain.instant(crl.last_update_utc),
        next_update=chain.instant(crl.next_update_utc),
        sha256=files.put_bytes(der),
    )
    yield events.KeyDestroyed(signer=signer, serial=f"{identity.certificate.serial_number:x}", uses=uses)


def _token(signer: str, document: str, over: str, token: bytes) -> events.Event:
    facts = timestamps.token_facts(token)
    files.put_bytes(token)
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
