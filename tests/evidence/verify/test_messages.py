"""CMS by other means: every algorithm that is admitted, every contradiction that is not."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from evidence.verify import certificates, claimed, messages
from evidence.verify.failures import NotSound
from evidence.verify.messages import Message
from tests.engine import authority

CONTENT = b"content"


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certificate(key: Any, *extensions: tuple[x509.ExtensionType, bool]) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test")])
    begin = authority.AT - timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(77).not_valid_before(begin).not_valid_after(begin + timedelta(days=9))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def signed(key: Any, *, digest: str = "sha256", pss: bool = False) -> bytes:
    """A detached CMS over CONTENT, made by plain pyHanko."""
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate(key).public_bytes(Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # pyHanko's constructor has no types
        prefer_pss=pss,
    )
    imprint = hashlib.new(digest, CONTENT).digest()
    made = asyncio.run(signer.async_sign(imprint, digest, use_pades=True))
    return bytes(made.dump())


def check(der: bytes, digest: str = "sha256", content: bytes = CONTENT) -> Message:
    message = messages.parse(der, "format")
    messages.check_message(message, content_type="data", content_digest=hashlib.new(digest, content).digest())
    return message


def failed(der: bytes, digest: str = "sha256", content: bytes = CONTENT) -> str:
    with pytest.raises(NotSound) as failure:
        check(der, digest, content)
    return failure.value.check


def test_attributes_that_stand_otherwise_than_they_were_signed_are_written_as_der() -> None:
    """RFC 5652, 5.4: the digest is of their DER, however the message brings them."""
    message = messages.parse(signed(rsa_key()), "format")
    messages.check_arithmetic(replace(message, signed_attributes=b"\xa0\x80" + message.signed_attributes[4:] + b"\0\0"))
    with pytest.raises(NotSound):
        check(altered(signed(rsa_key()), signature=bytes(256)))


def altered(der: bytes, **changes: Any) -> bytes:
    """Another value in the only SignerInfo."""
    message = cms.ContentInfo.load(der)
    for name, value in changes.items():
        message["content"]["signer_infos"][0][name] = value
    return bytes(message.dump(force=True))


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_signatures_of_each_kind_of_key_are_verified(digest: str) -> None:
    """stack of external authorities: EC, RSA PKCS #1 v1.5, RSASSA-PSS."""
    check(signed(ec.generate_private_key(ec.SECP256R1()), digest=digest), digest)
    check(signed(rsa_key(), digest=digest), digest)
    check(signed(rsa_key(), digest=digest, pss=True), digest)


def test_another_signature_value_is_found() -> None:
    for der in (signed(rsa_key()), signed(rsa_key(), pss=True)):
        assert failed(altered(der, signature=b"\x01" * 256)) == "signature"


def test_another_content_is_found() -> None:
    assert failed(signed(rsa_key()), content=b"other") == "message_digest"


def test_a_weak_digest_is_not_admitted() -> None:
    assert failed(signed(rsa_key(), digest="sha1"), "sha1") == "message_digest"


def test_a_signature_that_does_not_name_its_certificate_is_not_ours() -> None:
    """evidence.md, PAdES: signing-certificate-v2."""
    der = signed(rsa_key())
    attributes = cms.ContentInfo.load(der)["content"]["signer_infos"][0]["signed_attrs"]
    others = [each for each in attributes if each["type"].native != "signing_certificate_v2"]
    assert failed(altered(der, signed_attrs=others)) == "signing_certificate_v2"


def test_a_signature_that_names_its_certificate_twice_is_not_ours() -> None:
    """RFC 5035, 5.4: one attribute, of one value."""
    der = signed(rsa_key())
    attributes = list(cms.ContentInfo.load(der)["content"]["signer_infos"][0]["signed_attrs"])
    (named,) = [each for each in attributes if each["type"].native == "signing_certificate_v2"]
    assert failed(altered(der, signed_attrs=[*attributes, named])) == "signing_certificate_v2"
    named["values"].append(named["values"][0])
    assert failed(altered(der, signed_attrs=attributes)) == "signing_certificate_v2"


def test_an_algorithm_of_another_kind_of_key_is_found() -> None:
    der = signed(rsa_key())
    assert failed(altered(der, signature_algorithm={"algorithm": "sha256_ecdsa"})) == "signature"
    assert failed(altered(der, signature_algorithm={"algorithm": "sha512_rsa"})) == "signature"


def test_what_is_no_message_of_one_signer_is_refused() -> None:
    der = signed(rsa_key())
    assert failed(b"") == "format"
    assert failed(b"\x30\x03\x02\x01\x01") == "format"
    assert failed(bytes(cms.ContentInfo({"content_type": "data", "content": b"x"}).dump())) == "format"
    assert failed(der + b"hidden") == "format"
    check(der + bytes(40))
    message = cms.ContentInfo.load(der)
    message["content"]["version"] = "v5"
    assert failed(bytes(message.dump(force=True))) == "format"


def test_a_message_without_its_certificate_is_refused() -> None:
    message = cms.ContentInfo.load(signed(rsa_key()))
    message["content"]["certificates"] = []
    assert failed(bytes(message.dump(force=True))) == "signer_certificate"


def test_a_message_without_time_stamp_has_none() -> None:
    with pytest.raises(NotSound, match="signature_timestamp"):
        messages.timestamp_of(messages.parse(signed(rsa_key()), "format"))


def test_a_token_must_come_from_a_time_stamping_unit() -> None:
    """RFC 3161, 2.3: one purpose, critical."""
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CLIENT_AUTH])
    for extensions in ((), ((usage, False),), ((both, True),)):
        with pytest.raises(NotSound, match="timestamp_purpose"):
            messages.check_purpose(certificate(rsa_key(), *extensions))
    messages.check_purpose(certificate(rsa_key(), (usage, True)))
    with pytest.raises(NotSound, match="token"):
        messages.read_token(signed(rsa_key()), "token")


def test_claimed_digests_are_read_leniently() -> None:
    """Other people's messages: nothing is an answer, nothing raises."""
    stated = claimed.digest(signed(rsa_key()))
    assert stated is not None
    assert stated.value == hashlib.sha256(CONTENT).digest()
    assert claimed.digest(b"junk") is None
    with pytest.raises(NotSound, match="name"):
        messages.hashed(b"", "md5", "name")


def test_chains_are_checked_link_by_link() -> None:
    """RFC 5280, 6.1."""
    pki = authority.pki()
    tsa, chain = pki.tsa.certificate, pki.tsa.chain
    certificates.check_chain(tsa, chain, at=authority.AT)
    stranger = authority.pki(authority.AT + timedelta(minutes=1)).tsa.chain
    for wrong in ((), chain[1:], stranger, (tsa, *chain[1:])):
        with pytest.raises(NotSound, match="chain"):
            certificates.check_chain(tsa, wrong, at=authority.AT)
    with pytest.raises(NotSound, match="chain"):
        certificates.check_chain(tsa, chain, at=authority.AT - timedelta(days=2))
    with pytest.raises(NotSound, match="chain"):
        certificates.check_chain(certificate(rsa_key()), (certificate(rsa_key()),), at=authority.AT)


def test_a_list_must_be_the_issuers_own_and_not_name_the_certificate() -> None:
    """evidence.md: CRL; RFC 5280, 6.3."""
    pki = authority.pki()
    lists = [x509.load_der_x509_crl(der) for der in pki.crls()]
    found = certificates.check_not_revoked(pki.tsa.certificate, pki.issuing.certificate, lists)
    assert found.issuer == pki.issuing.certificate.subject
    stranger = authority.pki(authority.AT + timedelta(minutes=1))
    with pytest.raises(NotSound, match="revocation"):
        certificates.check_not_revoked(stranger.tsa.certificate, stranger.issuing.certificate, lists)
    builder = x509.CertificateRevocationListBuilder().issuer_name(pki.issuing.certificate.subject)
    entry = x509.RevokedCertificateBuilder().serial_number(pki.tsa.certificate.serial_number)
    revoked = entry.revocation_date(authority.AT).build()
    builder = builder.last_update(authority.AT).next_update(authority.AT + timedelta(days=1))
    newest = builder.add_revoked_certificate(revoked).sign(pki.issuing.key, hashes.SHA256())
    with pytest.raises(NotSound, match="révoqué"):
        certificates.check_not_revoked(pki.tsa.certificate, pki.issuing.certificate, [newest])
