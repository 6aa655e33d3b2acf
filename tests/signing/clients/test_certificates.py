"""Access certificates: evidence.md, Certificates; certsign-api.md, Transport; reliability.md, client authentication."""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from django.db import IntegrityError, transaction

from signing.clients import certificates
from signing.clients.certificates import NotAdmitted
from signing.clients.models import AccessCertificate
from signing.engine.profiles import Issuer
from tests.signing import walks
from tests.signing.clients import access

AT = walks.now().replace(microsecond=0)
DAY = timedelta(days=1)
Judge = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return access.authority(AT)


@pytest.mark.django_db
def test_a_clients_certificate_tells_the_client(issuer: Issuer) -> None:
    client = walks.a_client()
    made = certificates.make(client, issuer, at=AT)

    assert certificates.client_of(made.der, at=AT) == client


@pytest.mark.django_db
def test_two_certificates_serve_during_a_rotation(issuer: Issuer) -> None:
    """Threats, client authentication."""
    client = walks.a_client()
    both = [certificates.make(client, issuer, at=AT) for _ in range(2)]

    assert [certificates.client_of(made.der, at=AT) for made in both] == [client, client]


@pytest.mark.django_db
@pytest.mark.parametrize("der", [None, b""])
def test_without_a_certificate_nobody_is_admitted(der: bytes | None) -> None:
    with pytest.raises(NotAdmitted, match="Aucun"):
        certificates.client_of(der, at=AT)


@pytest.mark.django_db
def test_one_that_is_not_registered_is_not_admitted(issuer: Issuer) -> None:
    """The chain alone admits nobody: chain and fingerprint must both match."""
    certificate, _ = access.issued(issuer, begin=AT - DAY, end=AT + DAY)
    with pytest.raises(NotAdmitted, match="enregistré"):
        certificates.client_of(certificate.public_bytes(Encoding.DER), at=AT)


@pytest.mark.django_db
def test_a_revoked_one_is_refused_from_that_moment_on_and_for_ever(issuer: Issuer) -> None:
    made = certificates.make(walks.a_client(), issuer, at=AT)
    row = AccessCertificate.objects.get()
    certificates.revoke(row, at=AT + DAY)
    certificates.revoke(row, at=AT + 2 * DAY)

    assert AccessCertificate.objects.get().revoked_at == AT + DAY
    assert certificates.client_of(made.der, at=AT)
    with pytest.raises(NotAdmitted, match="révoqué"):
        certificates.client_of(made.der, at=AT + DAY)


@pytest.mark.django_db
@pytest.mark.parametrize("when", [-DAY, 398 * DAY])
def test_one_out_of_its_time_is_refused(issuer: Issuer, when: timedelta) -> None:
    made = certificates.make(walks.a_client(), issuer, at=AT)
    with pytest.raises(NotAdmitted, match="validité"):
        certificates.client_of(made.der, at=AT + when)


@pytest.mark.django_db
def test_the_database_refuses_a_certificate_that_ends_before_it_begins(issuer: Issuer) -> None:
    certificates.make(walks.a_client(), issuer, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessCertificate.objects.update(not_after=AT - DAY)


@pytest.mark.django_db
def test_its_profile_is_that_of_a_tls_client(issuer: Issuer, tmp_path: Path, outside: Judge) -> None:
    """clientAuth only, an RSA key; an outside judge takes it for a client and not for a server."""
    made = certificates.make(walks.a_client(), issuer, at=AT)
    (tmp_path / "ca.pem").write_bytes(issuer.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "client.pem").write_bytes(made.certificate)

    def judged(purpose: str) -> int:
        files = ("-CAfile", tmp_path / "ca.pem", tmp_path / "client.pem")
        return outside("openssl", "verify", "-x509_strict", "-purpose", purpose, *files).returncode

    assert judged("sslclient") == 0
    assert judged("sslserver") != 0
    key = load_pem_private_key(made.key, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.public_key() == x509.load_pem_x509_certificate(made.certificate).public_key()


@pytest.mark.django_db
def test_the_pkcs12_opens_in_old_libraries(issuer: Issuer, tmp_path: Path, outside: Judge) -> None:
    """certsign-api.md, Transport: the PKCS#12 opens in old OpenSSL and Java too, so: 3DES and a SHA-1 MAC."""
    made = certificates.make(walks.a_client(), issuer, at=AT)
    packed = tmp_path / "client.p12"
    packed.write_bytes(certificates.packed(made, issuer.certificate, name="Exemple SA", password="secret"))

    told = outside("openssl", "pkcs12", "-in", packed, "-legacy", "-info", "-noenc", "-passin", "pass:secret")

    assert told.returncode == 0, told.stdout
    assert "pbeWithSHA1And3-KeyTripleDES-CBC" in told.stdout
    assert "MAC: sha1" in told.stdout
    assert told.stdout.count("BEGIN CERTIFICATE") == 2
    assert "BEGIN PRIVATE KEY" in told.stdout


@pytest.mark.django_db
def test_a_list_follows_when_it_is_due_and_names_who_is_revoked(issuer: Issuer) -> None:
    """Stack facts, 3: an expired list refuses everybody, so the next comes well before; a revocation, at once."""
    first, ends = certificates.next_list(None, issuer.key, issuer.certificate, at=AT)
    assert ends == AT + timedelta(days=30)
    assert certificates.next_list(first, issuer.key, issuer.certificate, at=AT + 9 * DAY) == (first, ends)
    later, later_ends = certificates.next_list(first, issuer.key, issuer.certificate, at=AT + 11 * DAY)
    assert later_ends == AT + 41 * DAY

    made = certificates.make(walks.a_client(), issuer, at=AT)
    certificates.revoke(AccessCertificate.objects.get(), at=AT + 11 * DAY)
    named, _ = certificates.next_list(later, issuer.key, issuer.certificate, at=AT + 11 * DAY)

    listed = x509.load_der_x509_crl(named)
    serial = x509.load_pem_x509_certificate(made.certificate).serial_number
    assert [entry.serial_number for entry in listed] == [serial]
    assert listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 3
    assert certificates.next_list(named, issuer.key, issuer.certificate, at=AT + 12 * DAY)[0] == named
