"""CMS and time-stamp tokens, verified with asn1crypto for the structure and cryptography for the arithmetic.

RFC 5652 (SignedData), RFC 5035 (signing-certificate-v2), RFC 3161 and 5816 (tokens). One signer per message.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from asn1crypto import cms, parser
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.utils.translation import gettext

from evidence.verify.failures import NotSound
from evidence.verify.naming import check_named_certificate

if TYPE_CHECKING:
    from datetime import datetime

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True)
class Message:
    """A CMS SignedData of one signer, parsed; nothing in it is believed yet."""

    signed_data: Any
    signer: Any
    certificates: tuple[x509.Certificate, ...]
    signed_attributes: bytes  # as they stand in the message, under the tag of their place

    @property
    def digest_algorithm(self) -> str:
        """Name of the digest in hashlib's spelling."""
        return str(self.signer["digest_algorithm"]["algorithm"].native)

    @property
    def signature(self) -> bytes:
        return bytes(self.signer["signature"].native)

    @cached_property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate, as the message names it. Raises `NotSound` where it is not in the message."""
        sid = self.signer["sid"]
        for own, candidate in zip(self.certificates, self.signed_data["certificates"], strict=True):
            named = candidate.chosen
            if sid.name == "issuer_and_serial_number":
                same = named.issuer.dump() == sid.chosen["issuer"].dump()
                if same and named.serial_number == sid.chosen["serial_number"].native:
                    return own
        raise NotSound("signer_certificate", gettext("Le certificat du signataire n’est pas dans la signature."))


@dataclass(frozen=True)
class Token:
    """A time-stamp token: `time` aware UTC, `imprint` what was stamped."""

    message: Message
    time: datetime
    imprint: bytes
    imprint_algorithm: str


def parse(der: bytes, check: str) -> Message:
    """Read a ContentInfo that may be followed by zero padding. Raises `NotSound` under the name `check`."""
    try:
        content = cms.ContentInfo.load(der)
        signed_data: Any = content["content"]
        (signer,) = signed_data["signer_infos"]  # any other content type has none, and raises
        attributes = signer["signed_attrs"].dump()  # before anything of them is read: reading costs a new encoding
        loaded = [_certificate(each.chosen.dump()) for each in signed_data["certificates"]]
        beyond = der[parser.peek(der) :]  # of any length, told or not: NSS and others tell none
    except (ValueError, TypeError, KeyError) as error:
        raise NotSound(check, gettext("La signature n’a pas la forme attendue (CMS d’un seul signataire).")) from error
    _check_frame(signed_data, signer, check)
    if beyond.strip(b"\x00"):
        raise NotSound(check, gettext("Des données étrangères suivent la signature dans son emplacement."))
    return Message(signed_data, signer, tuple(loaded), attributes)


def _certificate(der: bytes) -> x509.Certificate:
    """Load a certificate; oddities of other people's are judged where they matter, not warned about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return x509.load_der_x509_certificate(der)


def _check_frame(signed_data: Any, signer: Any, check: str) -> None:
    """What no signature covers must at least agree with what one does (RFC 5652, 5.1)."""
    versions = (signed_data["version"].native, signer["version"].native)
    algorithms = [each["algorithm"].native for each in signed_data["digest_algorithms"]]
    if versions not in {("v1", "v1"), ("v3", "v1")} or signer["digest_algorithm"]["algorithm"].native not in algorithms:
        raise NotSound(check, gettext("L’enveloppe de la signature se contredit."))


def check_message(message: Message, *, content_type: str, content_digest: bytes) -> None:
    """Check that the message signs this content, names its certificate, and that the signature is that certificate's.

    `content_digest`: with the message's own digest algorithm. Raises `NotSound` (message_digest,
    signing_certificate_v2, signature). Chains and times are not judged here.
    """
    if message.digest_algorithm not in _HASHES:
        raise NotSound("message_digest", gettext("L’algorithme d’empreinte n’est pas admis."))
    declared = message.signed_data["encap_content_info"]["content_type"].native
    if {declared, attribute(message.signer, "content_type")} != {content_type}:
        raise NotSound("message_digest", gettext("La signature ne porte pas sur le type de contenu attendu."))
    if attribute(message.signer, "message_digest") != content_digest:
        raise NotSound("message_digest", gettext("L’empreinte signée n’est pas celle du contenu."))
    check_named_certificate(message)
    check_arithmetic(message)


def read_token(der: bytes, check: str) -> Token:
    """Read and verify a token's own signature, and that its certificate may sign tokens and nothing else.

    Raises `NotSound` under the name `check`; the authority's chain is not judged here.
    """
    message = parse(der, check)
    try:
        statement = message.signed_data["encap_content_info"]["content"]
        info = statement.parsed
        time, imprint = info["gen_time"].native, info["message_imprint"]
        algorithm = str(imprint["hash_algorithm"]["algorithm"].native)
        digest = hashlib.new(message.digest_algorithm, statement.contents).digest()
        check_message(message, content_type="tst_info", content_digest=digest)
        check_purpose(message.certificate)
    except NotSound as error:
        raise NotSound(
            check, gettext("Le jeton d’horodatage n’est pas valable. {cause}").format(cause=error.sentence)
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotSound(check, gettext("Le jeton d’horodatage n’a pas la forme attendue.")) from error
    return Token(message, time, bytes(imprint["hashed_message"].native), algorithm)


def timestamp_of(message: Message) -> bytes:
    """Give the DER of the signature's time stamp, an unsigned attribute. Raises `NotSound` where there is not one."""
    attributes = message.signer["unsigned_attrs"]
    found = [each for each in attributes if each["type"].native == "signature_time_stamp_token"] if attributes else []
    if len(found) != 1 or len(found[0]["values"]) != 1:
        raise NotSound("signature_timestamp", gettext("La signature n’a pas exactement un horodatage."))
    return bytes(found[0]["values"][0].dump())


def attribute(signer: Any, kind: str) -> object:
    """Give the only value of a signed attribute; None where it is missing or not alone."""
    values = [each["values"] for each in signer["signed_attrs"] if each["type"].native == kind]
    return values[0][0].native if len(values) == 1 and len(values[0]) == 1 else None


def check_arithmetic(message: Message) -> None:
    """Check the signature over the signed attributes with the certificate that the message names, and nothing else.

    They are signed as DER, under the tag of a SET (RFC 5652, 5.4). Ours stand in the message so; those of others may
    stand in another order or another encoding, and are written anew where the signature is not over what stands there.

    Raises `NotSound` (signature, signer_certificate); KeyError for a digest that is not admitted.
    """
    try:
        _verify(message, b"\x31" + message.signed_attributes[1:])
    except InvalidSignature:
        try:
            _verify(message, message.signer["signed_attrs"].untag().dump())
        except InvalidSignature as error:
            raise NotSound("signature", gettext("La signature ne correspond pas à son certificat.")) from error
    algorithm = message.signer["signature_algorithm"]
    if algorithm["algorithm"].native.startswith("sha") and algorithm.hash_algo != message.digest_algorithm:
        raise NotSound("signature", gettext("Les algorithmes annoncés se contredisent."))


def _verify(message: Message, signed: bytes) -> None:
    """Raises `InvalidSignature`; `NotSound` where key and algorithm do not belong together."""
    digest = _HASHES[message.digest_algorithm]
    algorithm = message.signer["signature_algorithm"]
    key = message.certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and algorithm.signature_algo == "ecdsa":
        key.verify(message.signature, signed, ec.ECDSA(digest))
    elif isinstance(key, rsa.RSAPublicKey) and algorithm.signature_algo == "rsassa_pkcs1v15":
        key.verify(message.signature, signed, padding.PKCS1v15(), digest)
    elif isinstance(key, rsa.RSAPublicKey) and algorithm.signature_algo == "rsassa_pss":
        scheme = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO)
        key.verify(message.signature, signed, scheme, digest)
    else:
        raise NotSound("signature", gettext("L’algorithme de signature n’est pas admis."))


def check_purpose(certificate: x509.Certificate) -> None:
    """RFC 3161, 2.3: one extended key usage, timeStamping, critical."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        usage = None
    if usage is None or not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise NotSound("timestamp_purpose", gettext("Son certificat n’est pas réservé à l’horodatage."))


def hashed(data: bytes, algorithm: str, check: str) -> bytes:
    """Digest with an algorithm that tokens may use. Raises `NotSound` under the name `check`."""
    if algorithm not in _HASHES:
        raise NotSound(check, gettext("L’algorithme d’empreinte n’est pas admis."))
    return hashlib.new(algorithm, data).digest()
