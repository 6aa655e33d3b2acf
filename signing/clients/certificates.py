"""Access certificates: which client calls, the list of the revoked ones, and certificates for a client's machines."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from signing.clients.models import AccessCertificate, Client
from signing.engine import crls
from signing.engine.ca import new_serial
from signing.engine.profiles import Content, Issuer, SigningKey, Validity, tls_client

KEY_BITS = 3072
LIFE = timedelta(days=397)
LIST_LIFE = timedelta(days=30)
LIST_RENEWED_BEFORE = timedelta(days=20)
_BACKDATED = timedelta(minutes=1)


class NotAdmitted(Exception):
    """A certificate that opens nothing: none, unknown, revoked or out of its time. The message says which, French."""


@dataclass(frozen=True)
class Made:
    """A new certificate with its key: PEM, and DER of the certificate."""

    certificate: bytes
    key: bytes
    der: bytes


def client_of(der: bytes | None, *, at: datetime) -> Client:
    """The client to whom a certificate that TLS has verified belongs; raises NotAdmitted.

    Looked up on each request, because a connection outlives a revocation. Does not verify the chain: TLS did.
    """
    if not der:
        raise NotAdmitted("Aucun certificat client n'a été présenté.")
    found = AccessCertificate.objects.filter(fingerprint=fingerprint(der)).select_related("client").first()
    if found is None:
        raise NotAdmitted("Ce certificat client n'est pas enregistré.")
    if found.revoked_at is not None and found.revoked_at <= at:
        raise NotAdmitted("Ce certificat client est révoqué.")
    if not found.not_before <= at <= found.not_after:
        raise NotAdmitted("Ce certificat client est hors de sa période de validité.")
    return found.client


def fingerprint(der: bytes) -> str:
    """SHA-256 in hex of a certificate's DER."""
    return hashlib.sha256(der).hexdigest()


def make(client: Client, issuer: Issuer, *, at: datetime) -> Made:
    """Issue and register a certificate. Its key is RSA: public libraries of integrators expect that class."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    begin = at.replace(microsecond=0) - _BACKDATED
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, client.name[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, client.code),
        ]
    )
    content = Content(subject, key.public_key(), new_serial(), Validity(begin, begin + LIFE))
    certificate = tls_client(issuer, content)
    register(client, certificate)
    return Made(
        certificate.public_bytes(Encoding.PEM),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        certificate.public_bytes(Encoding.DER),
    )


def register(client: Client, certificate: x509.Certificate) -> AccessCertificate:
    """Let a certificate open the service to a client."""
    return AccessCertificate.objects.create(
        client=client,
        fingerprint=fingerprint(certificate.public_bytes(Encoding.DER)),
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def state_of(row: AccessCertificate, *, at: datetime) -> Literal["good", "later", "ended", "revoked"]:
    """What a registered certificate opens at `at`: good, or why nothing."""
    if row.revoked_at is not None and row.revoked_at <= at:
        return "revoked"
    if at < row.not_before:
        return "later"
    return "good" if at <= row.not_after else "ended"


def named(*, client: str, serial: str = "", fingerprint: str = "") -> AccessCertificate | None:
    """A registered certificate by its client's code and its serial or SHA-256, as hexadecimal is written anywhere.

    Upper or lower case, with colons or blanks between octets, a serial with or without zeros before it.
    """
    rows = AccessCertificate.objects.filter(client__code=client).select_related("client")
    if fingerprint:
        return rows.filter(fingerprint=_plain(fingerprint)).first()
    return rows.filter(serial=_plain(serial).removeprefix("0x").lstrip("0")).first()


def _plain(hexadecimal: str) -> str:
    return "".join(hexadecimal.replace(":", "").split()).lower()


def revoke(certificate: AccessCertificate, *, at: datetime) -> None:
    """Close the service to a certificate, at once; the list that says so to TLS is the worker's. Once is for ever."""
    AccessCertificate.objects.filter(pk=certificate.pk, revoked_at=None).update(revoked_at=at)


def packed(made: Made, authority: x509.Certificate, *, name: str, password: str) -> bytes:
    """Certificate and key as PKCS#12, in the one protection that OpenSSL 1 and Java 8 open too: 3DES, SHA-1."""
    key = load_pem_private_key(made.key, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101 - what make() gives
    protection = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(50_000)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(SHA1())  # noqa: S303 - the password, not the digest, protects the file
        .build(password.encode())
    )
    certificate = x509.load_der_x509_certificate(made.der)
    return pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, [authority], protection)


def locked(key: bytes, *, password: str) -> bytes:
    """A PEM key under a password: PKCS#8 with PBES2 (RFC 8018), AES-256 and PBKDF2 with SHA-256.

    OpenSSL reads it since 1.0; what came before speaks no TLS that is taken here. The older form with its `Proc-Type`
    is not for use: it needs MD5, which installations under FIPS do not have.
    """
    found = load_pem_private_key(key, password=None)
    return found.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode()))


def next_list(
    current: bytes | None, key: SigningKey, authority: x509.Certificate, *, at: datetime
) -> tuple[bytes, datetime]:
    """The access CA's list (DER) that is to be in force at `at`, and when it ends: `current` where that still holds.

    A new one is due where a revoked certificate is not on it, or ten days after it was made: it refuses everybody once
    it is over, and is valid for thirty days.
    """
    rows = AccessCertificate.objects.filter(revoked_at__lte=at).order_by("revoked_at", "pk")
    revoked = [crls.Revoked(serial=int(row.serial, 16), revoked_at=row.revoked_at) for row in rows if row.revoked_at]
    number = 1
    if current is not None:
        listed = x509.load_der_x509_crl(current)
        ends = listed.next_update_utc
        if (
            ends
            and ends - LIST_RENEWED_BEFORE > at
            and {entry.serial_number for entry in listed} >= {entry.serial for entry in revoked}
        ):
            return current, ends
        number = listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number + 1
    begin = at.replace(microsecond=0)
    der = crls.revocation_list(
        key, authority, number=number, this_update=begin, next_update=begin + LIST_LIFE, revoked=revoked
    )
    return der, begin + LIST_LIFE


def as_pem(revocation_list: bytes) -> bytes:
    """A list given as DER, in the form that OpenSSL and nginx load."""
    return x509.load_der_x509_crl(revocation_list).public_bytes(Encoding.PEM)
