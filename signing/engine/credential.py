"""The signer of one order: a one-use key, its certificate and chain, and the CMS they make."""

import hashlib
from dataclasses import dataclass

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.timestamps import TimeStamper

from evidence import signed_data
from signing.engine.keys import OneUseKey

IMPRINT = "sha256"


@dataclass(frozen=True)
class Signature:
    """A CMS over a document (DER), the signature value in it, and the time stamp over that value (DER), if any."""

    message: bytes
    value: bytes
    token: bytes | None


@dataclass(frozen=True)
class Credential:
    """Key, certificate and what stands above it, issuer first."""

    key: OneUseKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    async def sign_document(self, digest: bytes, algorithm: str, timestamper: TimeStamper | None) -> Signature:
        """Sign a document's `digest` (by `algorithm`) once, with a time stamp over the signature (EN 319 122-1, 5.3).

        The CMS is written as DER here, not by pyHanko's Signer: that one signs twice where a size is unknown, wants
        the time stamper's dummy, and spends its time in serialising (signing-engine.md).
        """
        own = to_der(self.certificate)
        attributes = signed_data.signed_attributes(signed_data.DATA, digest, own)
        value = self.key.sign(attributes, algorithm)
        token: bytes | None = None
        if timestamper is not None:
            token = (await timestamper.async_timestamp(hashlib.sha256(value).digest(), IMPRINT)).dump()
        signed = signed_data.Signed(signed_data.DATA, attributes, value, signed_data.ECDSA[algorithm], algorithm)
        carried = [own, *map(to_der, self.chain)]
        return Signature(signed_data.message(signed, own, chain=carried, token=token), value, token)


def to_der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def to_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate for the libraries that speak asn1crypto."""
    return asn1_x509.Certificate.load(to_der(certificate))
