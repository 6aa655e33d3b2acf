"""What a CMS message says of itself, read without verifying (RFC 5652)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from asn1crypto import cms

from evidence.verify.messages import attribute


@dataclass(frozen=True)
class Claimed:
    """What a message says the digest of the covered bytes is."""

    algorithm: str
    value: bytes


def digest(der: bytes) -> Claimed | None:
    """Read, without verifying, the digest a message or token states; None where it is stated elsewhere or not at all.

    Lenient: other people's messages have forms that ours do not have.
    """
    try:
        signed_data = cms.ContentInfo.load(der)["content"]
        encapsulated, signer = signed_data["encap_content_info"], signed_data["signer_infos"][0]
        if encapsulated["content_type"].native == "tst_info":
            imprint = encapsulated["content"].parsed["message_imprint"]
            algorithm = str(imprint["hash_algorithm"]["algorithm"].native)
            return Claimed(algorithm, bytes(imprint["hashed_message"].native))
        value = attribute(signer, "message_digest") if encapsulated["content"].native is None else None
        algorithm = str(signer["digest_algorithm"]["algorithm"].native)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None
    return Claimed(algorithm, value) if isinstance(value, bytes) and algorithm in hashlib.algorithms_available else None


def names_one_signer(der: bytes) -> bool:
    """Whether a message has exactly one signer, and brings the certificate that it names, if it names one so.

    Lenient: a message that names its certificate otherwise, or that cannot be read, is judged elsewhere.
    """
    try:
        signed_data = cms.ContentInfo.load(der)["content"]
        (signer,) = signed_data["signer_infos"]
        sid = signer["sid"]
        if sid.name != "issuer_and_serial_number":
            return True
        brought = [each.chosen for each in signed_data["certificates"] if each.name == "certificate"]
        wanted = (sid.chosen["issuer"].dump(), sid.chosen["serial_number"].native)
        return wanted in [(each.issuer.dump(), each.serial_number) for each in brought]
    except (ValueError, TypeError, KeyError):
        return False
