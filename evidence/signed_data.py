"""CMS SignedData (RFC 5652) with one signer, as signatures and time-stamp tokens need it.

Three signed attributes and no more: content-type, message-digest, signing-certificate-v2 (RFC 5035, RFC 5816). PAdES
forbids signing-time (EN 319 142-1, 6.3), and a token has its own. SHA-256 or SHA-512; parameters absent (RFC 5754).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from evidence import der

DATA = "1.2.840.113549.1.7.1"
TST_INFO = "1.2.840.113549.1.9.16.1.4"

ECDSA_SHA256 = der.sequence(der.identifier("1.2.840.10045.4.3.2"))
ECDSA = {"sha256": ECDSA_SHA256, "sha512": der.sequence(der.identifier("1.2.840.10045.4.3.4"))}
RSA_SHA256 = der.sequence(der.identifier("1.2.840.113549.1.1.11"), der.NULL)

_VERSION = b"\xa0"
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_TIME_STAMP = "1.2.840.113549.1.9.16.2.14"
_DIGESTS = {
    "sha256": der.sequence(der.identifier("2.16.840.1.101.3.4.2.1")),
    "sha512": der.sequence(der.identifier("2.16.840.1.101.3.4.2.3")),
}


@dataclass(frozen=True)
class Signed:
    """What one signer has signed: `attributes` (a SET, DER) is what `signature` is over, with `digest` all through."""

    content_type: str
    attributes: bytes
    signature: bytes
    algorithm: bytes
    digest: str = "sha256"


def signed_attributes(content_type: str, digest: bytes, certificate: bytes) -> bytes:
    """Give the SET of signed attributes over the `digest` of the content; `certificate`: the signer's, DER.

    The certificate is identified by its SHA-256 (RFC 5035, the default), whatever made `digest`.
    """
    name = der.sequence(der.explicit(4, issuer(certificate)))
    identified = der.sequence(der.octets(hashlib.sha256(certificate).digest()), der.sequence(name, serial(certificate)))
    return der.set_of(
        [
            _attribute(_CONTENT_TYPE, der.identifier(content_type)),
            _attribute(_MESSAGE_DIGEST, der.octets(digest)),
            _attribute(_SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(identified))),
        ]
    )


def message(
    signed: Signed,
    certificate: bytes,
    *,
    chain: Sequence[bytes],
    content: bytes | None = None,
    token: bytes | None = None,
) -> bytes:
    """Give the ContentInfo, DER.

    `content`: encapsulated (a token's TSTInfo); None: detached. `chain`: DER certificates to be carried; none at all
    where it is empty. `token`: a time stamp over the signature value, as unsigned attribute.
    """
    encapsulated = () if content is None else (der.explicit(0, der.octets(content)),)
    certificates = (der.implicit(0, der.set_of(chain)),) if chain else ()
    version = 1 if signed.content_type == DATA else 3
    body = der.sequence(
        der.integer(version),
        der.set_of([_DIGESTS[signed.digest]]),
        der.sequence(der.identifier(signed.content_type), *encapsulated),
        *certificates,
        der.set_of([_signer(signed, certificate, token)]),
    )
    return der.sequence(der.identifier(_SIGNED_DATA), der.explicit(0, body))


def issuer(certificate: bytes) -> bytes:
    """The issuer's Name exactly as it stands in a certificate, DER."""
    return _to_be_signed(certificate)[3]


def subject(certificate: bytes) -> bytes:
    """The subject's Name exactly as it stands in a certificate, DER."""
    return _to_be_signed(certificate)[5]


def serial(certificate: bytes) -> bytes:
    """The serial number as it stands in a certificate: an INTEGER, DER."""
    return _to_be_signed(certificate)[1]


def _to_be_signed(certificate: bytes) -> list[bytes]:
    """The members of a TBSCertificate of version 3 (RFC 5280, 4.1): version, serial, algorithm, issuer, …, subject."""
    members = der.elements(der.elements(certificate)[0])
    if members[0][:1] != _VERSION:
        raise ValueError("not a certificate of version 3")
    return members


def _signer(signed: Signed, certificate: bytes, token: bytes | None) -> bytes:
    unsigned = () if token is None else (der.implicit(1, der.set_of([_attribute(_TIME_STAMP, token)])),)
    return der.sequence(
        der.integer(1),
        der.sequence(issuer(certificate), serial(certificate)),
        _DIGESTS[signed.digest],
        der.implicit(0, signed.attributes),
        signed.algorithm,
        der.octets(signed.signature),
        *unsigned,
    )


def _attribute(kind: str, element: bytes) -> bytes:
    return der.sequence(der.identifier(kind), der.set_of([element]))
