"""The signed attribute by which a signer names the certificate (RFC 5035, 5.4; EN 319 122-1, 5.2.2)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext

from evidence.verify.failures import NotSound

if TYPE_CHECKING:
    from evidence.verify.messages import Message

_DER = Encoding.DER
_FIRST, _SECOND = "signing_certificate", "signing_certificate_v2"
_HASHES = {"sha256", "sha384", "sha512"}
_HASHES_OF_OTHERS = {"sha1", *_HASHES}


def check_named_certificate(message: Message) -> None:
    """Check that a message names its own certificate, once. Raises `NotSound` (signing_certificate_v2)."""
    attributes = [each["values"] for each in message.signer["signed_attrs"] if each["type"].native == _SECOND]
    if len(attributes) != 1:
        raise NotSound(_SECOND, gettext("La signature ne nomme pas son certificat (signing-certificate-v2)."))
    named = attributes[0][0]["certs"][0]
    algorithm = named["hash_algorithm"]["algorithm"].native or "sha256"
    der = message.certificate.public_bytes(_DER)
    own = algorithm in _HASHES and named["cert_hash"].native == hashlib.new(algorithm, der).digest()
    if not own or len(attributes[0]) != 1:
        raise NotSound(_SECOND, gettext("La signature nomme un autre certificat que celui qu’elle contient."))


def names_another_certificate(message: Message) -> bool:
    """Whether a signed attribute names another certificate than the one that the message brings."""
    der = message.certificate.public_bytes(_DER)
    for each in message.signer["signed_attrs"]:
        kind = each["type"].native
        for value in each["values"] if kind in {_FIRST, _SECOND} else ():
            named = value["certs"][0]
            algorithm = named["hash_algorithm"]["algorithm"].native if kind == _SECOND else "sha1"
            if algorithm in _HASHES_OF_OTHERS and named["cert_hash"].native != hashlib.new(algorithm, der).digest():
                return True
    return False


def names_certificate_twice(message: Message) -> bool:
    """Whether one of the two attributes is there twice, or with another number of values than one: neither may be."""
    for kind in (_FIRST, _SECOND):
        values = [len(each["values"]) for each in message.signer["signed_attrs"] if each["type"].native == kind]
        if values not in ([], [1]):
            return True
    return False
