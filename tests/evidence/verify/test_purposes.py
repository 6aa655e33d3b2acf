"""A certificate that is for other things than documents carries no trust (RFC 5280, 4.2.1.3 and 4.2.1.12)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from evidence.verify.purposes import may_sign_documents
from evidence.verify.verdicts import Verdict
from signing.engine.keys import OneUseKey
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import sound

__all__ = ["quiet"]  # a fixture
BITS = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def usage(*set_: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in set_ for name in BITS})


def purposes(*named: str) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage([x509.ObjectIdentifier(each) for each in named])


def like(
    certificate: x509.Certificate, *others: x509.ExtensionType, critical: bool = True, key: Any = None
) -> x509.Certificate:
    """The certificate once more, by the same authority, with extensions instead of its own of these kinds.

    `key`: a public one instead of its own.
    """
    made = x509.CertificateBuilder().subject_name(certificate.subject).issuer_name(certificate.issuer)
    made = made.public_key(key or certificate.public_key()).serial_number(certificate.serial_number)
    made = made.not_valid_before(certificate.not_valid_before_utc).not_valid_after(certificate.not_valid_after_utc)
    for each in certificate.extensions:
        if each.oid not in {other.oid for other in others} | {x509.ExtendedKeyUsage.oid}:
            made = made.add_extension(each.value, each.critical)
    for other in others:
        made = made.add_extension(other, critical)
    return made.sign(authority.pki().issuing.key, hashes.SHA256())


def signed_with(*others: x509.ExtensionType, pages: int = 1) -> bytes:
    key, document = OneUseKey.generate(), sound.contract(pages)
    means: dict[str, Any] = {"key": key, "certificate": like(authority.certify(key), *others)}
    return files._sign(document, document, "Paraphe-1", **means).content


OTHER_THINGS: dict[str, x509.ExtensionType] = {
    "a server": purposes(ExtendedKeyUsageOID.SERVER_AUTH.dotted_string),
    "time stamps": purposes(ExtendedKeyUsageOID.TIME_STAMPING.dotted_string),
    "answers on revocation, and programs": purposes("1.3.6.1.5.5.7.3.9", "1.3.6.1.5.5.7.3.3"),
    "keys": usage("key_encipherment", "key_agreement"),
    "certificates": usage("key_cert_sign", "crl_sign"),
}
DOCUMENTS: dict[str, tuple[x509.ExtensionType, ...]] = {
    "nothing": (),
    "e-mail": (purposes("1.3.6.1.5.5.7.3.4"),),
    "logging in": (purposes("1.3.6.1.5.5.7.3.2"),),
    "a server and logging in": (purposes("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"),),
    "documents (RFC 9336)": (purposes("1.3.6.1.5.5.7.3.36"),),
    "Adobe's": (purposes("1.2.840.113583.1.1.5"),),
    "Microsoft's": (purposes("1.3.6.1.4.1.311.10.3.12"),),
    "anything": (purposes("2.5.29.37.0", "1.3.6.1.5.5.7.3.1"),),
    "one of the authority's own": (purposes("1.2.3.4.5"),),
    "signatures": (usage("digital_signature", "key_encipherment"),),
    "commitments": (usage("content_commitment"),),
}


@pytest.mark.parametrize("name", ["a server", "keys"])
def test_a_signature_by_a_key_for_other_things_is_not_believed(name: str, tmp_path: Path) -> None:
    """And is not called altered, nor invalid: it is intact."""
    found = examine(tmp_path, signed_with(OTHER_THINGS[name]))
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["not_for_signing"])
    assert (found.signatures[0].integrity, found.signatures[0].trust) == ("intact", "untrusted")


def test_one_by_a_key_for_what_authorities_write_for_documents_is(tmp_path: Path) -> None:
    found = examine(tmp_path, signed_with(*DOCUMENTS["e-mail"]))
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])


@pytest.fixture(scope="module")
def one() -> x509.Certificate:
    return authority.certify(OneUseKey.generate())


def _may(certificate: x509.Certificate) -> bool:
    return may_sign_documents(asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)))


@pytest.mark.parametrize("name", OTHER_THINGS)
def test_a_certificate_for_other_things_alone_is_told(name: str, one: x509.Certificate) -> None:
    assert not _may(like(one, OTHER_THINGS[name]))
    assert not _may(like(one, OTHER_THINGS[name], critical=False))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_certificate_for_anything_else_is_not(name: str, one: x509.Certificate) -> None:
    assert _may(one)
    assert _may(like(one, *DOCUMENTS[name]))
