"""The issuing CA and its profiles: evidence.md, the table of "Certificates", cell by cell."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, ExtensionOID, NameOID

from signing.engine import profiles
from signing.engine.ca import ProfileViolation, Revoked, SignerSubject, new_serial
from signing.engine.crls import EXPIRED_CERTS_ON_CRL
from signing.engine.keys import OneUseKey
from signing.engine.profiles import Content, Issuer, Policies, Validity
from tests.engine.authority import AT, CPS, PKI_URL, POLICY, TSA_POLICY, certify, pki
from tests.verification import judges

USAGES = {
    "root": {"key_cert_sign", "crl_sign"},
    "issuing": {"key_cert_sign", "crl_sign"},
    "signer": {"content_commitment"},
    "tsa": {"digital_signature"},
    "seal": {"digital_signature", "content_commitment"},
    "access": {"key_cert_sign", "crl_sign"},
    "tls": {"digital_signature"},
}
POLICIES = {
    "root": profiles.ANY_POLICY,
    "issuing": profiles.ANY_POLICY,
    "signer": POLICY,
    "tsa": TSA_POLICY,
    "seal": "1.3.6.1.4.1.32473.1.3",
    "access": None,
    "tls": None,
}
CRITICAL = {ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE}


def content(key: ec.EllipticCurvePrivateKey, policies: Policies | None) -> Content:
    name = profiles.organization("FR", "Paraphe essais", "NTRFR-000000000", "Paraphe essais")
    return Content(name, key.public_key(), new_serial(), Validity(AT, AT + timedelta(days=300)), policies)


def made(kind: str) -> x509.Certificate:
    """One certificate of each column of the table."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuing = Issuer(pki().issuing.key, pki().issuing.certificate, f"{PKI_URL}/issuing")
    if kind == "access":
        return profiles.access(key, content(key, None))
    if kind == "tls":
        return profiles.tls_server(issuing, content(key, None), ("localhost", "127.0.0.1", "::1"))
    if kind == "seal":
        return profiles.seal(issuing, content(key, Policies(("1.3.6.1.4.1.32473.1.3",), CPS)))
    if kind == "signer":
        return certify(OneUseKey.generate())
    certificate: x509.Certificate = getattr(pki(), kind).certificate
    return certificate


@pytest.mark.parametrize("kind", USAGES)
def test_constraints_usages_and_criticalities(kind: str) -> None:
    extensions = made(kind).extensions
    constraints = extensions.get_extension_for_class(x509.BasicConstraints)
    usage = extensions.get_extension_for_class(x509.KeyUsage)
    authority = kind in {"root", "issuing", "access"}
    assert constraints.value.ca == authority
    assert constraints.value.path_length == {"issuing": 0, "access": 0}.get(kind)
    set_bits = {name for name in profiles._NO_USAGE if getattr(usage.value, f"_{name}")}
    assert set_bits == USAGES[kind]
    wanted = CRITICAL | ({ExtensionOID.EXTENDED_KEY_USAGE} if kind == "tsa" else set())
    assert {extension.oid for extension in extensions if extension.critical} == wanted


@pytest.mark.parametrize("kind", USAGES)
def test_extended_usages(kind: str) -> None:
    found = [each for each in made(kind).extensions if each.oid == ExtensionOID.EXTENDED_KEY_USAGE]
    purposes = [purpose for each in found if isinstance(each.value, x509.ExtendedKeyUsage) for purpose in each.value]
    wanted = {"tsa": [ExtendedKeyUsageOID.TIME_STAMPING], "tls": [ExtendedKeyUsageOID.SERVER_AUTH]}
    assert purposes == wanted.get(kind, [])


@pytest.mark.parametrize("kind", USAGES)
def test_identifiers_and_policies(kind: str) -> None:
    extensions = made(kind).extensions
    extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    assert extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    listed = [each.value for each in extensions if isinstance(each.value, x509.CertificatePolicies)]
    if POLICIES[kind] is None:
        assert not listed
    else:
        (policy,) = listed[0]
        assert policy.policy_identifier.dotted_string == POLICIES[kind]
        assert policy.policy_qualifiers == [CPS]


@pytest.mark.parametrize("kind", USAGES)
def test_pointers_stand_below_a_root_only(kind: str) -> None:
    extensions = made(kind).extensions
    if kind in {"root", "access"}:
        assert not [each for each in extensions if each.oid == ExtensionOID.CRL_DISTRIBUTION_POINTS]
        return
    above = "root" if kind == "issuing" else "issuing"
    (point,) = extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert point.full_name == [x509.UniformResourceIdentifier(f"{PKI_URL}/{above}.crl")]
    (access,) = extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert access.access_method == AuthorityInformationAccessOID.CA_ISSUERS
    assert access.access_location.value == f"{PKI_URL}/{above}.cer"


def test_the_signers_subject_holds_the_loop_and_no_contact() -> None:
    """evidence.md: C givenName surname CN serialNumber = REFERENCE-digits; no mail, no phone."""
    subject = made("signer").subject
    assert [(attribute.oid, attribute.value) for attribute in subject] == [
        (NameOID.COUNTRY_NAME, "FR"),
        (NameOID.GIVEN_NAME, "Camille"),
        (NameOID.SURNAME, "Martin"),
        (NameOID.COMMON_NAME, "Camille Martin"),
        (NameOID.SERIAL_NUMBER, "EXS-2026-004127-7f3a9c1e"),
    ]


def test_the_organisations_subject_holds_its_identifier() -> None:
    (identifier,) = pki().tsa.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    assert identifier.value == "NTRFR-000000000"


def test_a_misleading_name_is_cleaned_and_one_of_one_word_is_taken() -> None:
    subject = SignerSubject("", "Mal\u202ein\n", "fr", "REF-1").name()
    assert subject.rfc4514_string() == "2.5.4.5=REF-1,CN=Malin,2.5.4.4=Malin,C=FR"


@pytest.mark.parametrize(
    "subject",
    [
        SignerSubject("", "\u202e", "FR", "REF-1"),
        SignerSubject("A", "B", "FR", "x" * 65),
        SignerSubject("A", "B", "FR", ""),
    ],
)
def test_a_subject_without_name_or_number_is_refused(subject: SignerSubject) -> None:
    with pytest.raises(ProfileViolation):
        subject.name()


def issue(key: ec.EllipticCurvePublicKey, minutes: float, serial: int | None = None) -> x509.Certificate:
    subject = SignerSubject("Camille", "Martin", "FR", "REF-1")
    until = AT + timedelta(minutes=minutes)
    return pki().authority.issue(key, subject, serial=serial or new_serial(), not_before=AT, not_after=until)


def test_sixty_minutes_are_the_longest() -> None:
    key = OneUseKey.generate().public_key
    assert issue(key, 60).not_valid_after_utc == AT + timedelta(minutes=60)
    for minutes in (60.1, 0, -1):
        with pytest.raises(ProfileViolation, match="60 minutes"):
            issue(key, minutes)


def test_another_curve_is_refused() -> None:
    with pytest.raises(ProfileViolation, match="P-256"):
        issue(ec.generate_private_key(ec.SECP384R1()).public_key(), 30)


@pytest.mark.parametrize("serial", [1, 2**62, 2**159])
def test_a_guessable_or_overlong_serial_is_refused(serial: int) -> None:
    with pytest.raises(ValueError, match="serial"):
        issue(OneUseKey.generate().public_key, 30, serial)


def test_serials_have_twenty_octets_and_differ() -> None:
    """evidence.md: 64 random bits at least, use 128 or more; RFC 5280, 4.1.2.2: 20 octets at most, positive."""
    drawn = {new_serial() for _ in range(200)}
    assert len(drawn) == 200
    assert {(serial.bit_length() + 8) // 8 for serial in drawn} == {20}


def test_the_list_of_the_issuing_ca() -> None:
    """evidence.md: number, AKI, nextUpdate within 24 h, expiredCertsOnCRL."""
    revoked = [Revoked(5, AT, x509.ReasonFlags.superseded), Revoked(6, AT)]
    until = AT + timedelta(hours=24)
    der = pki().authority.revocation_list(number=7, this_update=AT, next_update=until, revoked=revoked)
    crl = x509.load_der_x509_crl(der)
    assert crl.is_signature_valid(pki().issuing.certificate.public_key())  # type: ignore[arg-type]  # it is an EC key
    assert (crl.last_update_utc, crl.next_update_utc) == (AT, until)
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 7
    assert crl.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    expired = crl.extensions.get_extension_for_oid(EXPIRED_CERTS_ON_CRL)
    since = pki().issuing.certificate.not_valid_before_utc
    assert isinstance(expired.value, x509.UnrecognizedExtension)
    assert expired.value.value == b"\x18\x0f" + f"{since:%Y%m%d%H%M%SZ}".encode()
    assert [entry.serial_number for entry in crl] == [5, 6]
    entry = crl.get_revoked_certificate_by_serial_number(5)
    assert entry is not None
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason == x509.ReasonFlags.superseded


@pytest.mark.parametrize("hours", [24.1, 0])
def test_a_list_of_another_length_is_refused(hours: float) -> None:
    with pytest.raises(ProfileViolation, match="24 hours"):
        pki().authority.revocation_list(number=1, this_update=AT, next_update=AT + timedelta(hours=hours), revoked=())


def test_the_chain_goes_up_to_the_root() -> None:
    assert pki().authority.chain() == (pki().issuing.certificate, pki().root.certificate)


@pytest.mark.parametrize(("kind", "purpose"), [("signer", "any"), ("tsa", "timestampsign"), ("seal", "any")])
def test_openssl_builds_the_chain_strictly_with_all_lists(kind: str, purpose: str, tmp_path: Path) -> None:
    """evidence.md, "What the naive verifier says": openssl verify -x509_strict -crl_check_all."""
    path = tmp_path / "certificate.pem"
    path.write_bytes(made(kind).public_bytes(Encoding.PEM))
    root, chain, lists = pki().write(tmp_path)
    judges.openssl_chain(path, root=root, chain=chain, crls=lists, at=AT, purpose=purpose)
    later = datetime(2040, 1, 1, tzinfo=UTC)
    with pytest.raises(judges.Rejected, match="expired"):
        judges.openssl_chain(path, root=root, chain=chain, crls=lists, at=later, purpose=purpose)


def test_rsa_keys_of_a_token_sign_with_a_matching_digest() -> None:
    """evidence.md: EC P-384 or RSA-4096 for the CAs."""
    key = rsa.generate_private_key(65537, 2048)
    assert isinstance(profiles.digest_for(key), hashes.SHA256)
    assert isinstance(profiles.digest_for(ec.generate_private_key(ec.SECP384R1())), hashes.SHA384)
