"""The ceremony of the sandbox PKI, held in folders of its own: keys, certificates and lists as they are declared."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from signing.backend import pki
from signing.backend.ceremony import Place
from signing.backend.management.commands.ceremony import tls_hosts
from signing.engine.crls import EXPIRED_CERTS_ON_CRL
from tests.backend.ceremonies import AT, HOSTS, hold, read
from tests.verification import judges

NAMES = ("root", "issuing", "tsa", "seal", "access", "tls")


def test_it_makes_all_that_is_declared(place: Place) -> None:
    """PLAN of the state folder: keys PKCS#8 0600 in a folder 0700, certificates PEM and DER, lists DER."""
    outcomes = hold(place)
    assert set(outcomes.values()) == {"made"}
    assert {path.name for path in place.keys.iterdir()} == {f"{name}.key" for name in NAMES}
    assert stat.S_IMODE(place.keys.stat().st_mode) == 0o700
    for path in place.keys.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    for name in NAMES:
        key = load_pem_private_key((place.keys / f"{name}.key").read_bytes(), None)
        assert key.public_key() == read(place, name).public_key()
        assert x509.load_der_x509_certificate((place.public / f"{name}.cer").read_bytes()) == read(place, name)


@pytest.mark.parametrize(
    ("name", "years", "curve"),
    [("root", 20, 384), ("issuing", 10, 384), ("tsa", 3, 256), ("seal", 3, 256), ("access", 10, 384), ("tls", 1, 256)],
)
def test_validities_and_keys_are_those_of_the_table(name: str, years: int, curve: int, place: Place) -> None:
    """evidence.md, Certificates; a TLS certificate lasts 398 days at most."""
    hold(place)
    certificate = read(place, name)
    lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert abs(lifetime / timedelta(days=365.25) - years) < 0.1
    assert certificate.public_key().key_size == curve  # type: ignore[union-attr]  # an EC key
    assert certificate.not_valid_before_utc == AT - timedelta(minutes=1)


def test_the_operators_name_stands_in_every_certificate_of_the_service(place: Place) -> None:
    hold(place)
    for name in ("root", "issuing", "tsa", "seal", "access"):
        subject = read(place, name).subject.rfc4514_string()
        assert "C=FR" in subject
        assert "O=Exemple SA" in subject
        assert "2.5.4.97=NTRFR-552100554" in subject
        assert "CN=Exemple SA" in subject


@pytest.mark.parametrize(("name", "within"), [("root", 365), ("issuing", 1), ("access", 365)])
def test_the_first_lists(name: str, within: int, place: Place) -> None:
    """evidence.md: root within a year, issuing within 24 h; number 1, from which the database goes on."""
    hold(place)
    crl = x509.load_der_x509_crl((place.public / f"{name}.crl").read_bytes())
    assert crl.is_signature_valid(read(place, name).public_key())  # type: ignore[arg-type]  # an EC key
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 1
    crl.extensions.get_extension_for_oid(EXPIRED_CERTS_ON_CRL)
    assert crl.last_update_utc == AT
    assert crl.next_update_utc is not None
    assert crl.next_update_utc - AT <= timedelta(days=within)


@pytest.mark.parametrize(
    ("name", "root", "purpose"),
    [("tsa", "root", "timestampsign"), ("seal", "root", "any"), ("tls", "access", "sslserver")],
)
def test_openssl_builds_every_chain_strictly(name: str, root: str, purpose: str, place: Place, tmp_path: Path) -> None:
    hold(place)
    lists = tmp_path / "lists.pem"
    crls = [x509.load_der_x509_crl(path.read_bytes()) for path in place.public.glob("*.crl")]
    lists.write_bytes(b"".join(crl.public_bytes(Encoding.PEM) for crl in crls))
    anchor, chain = place.public / f"{root}.crt", place.public / "issuing.crt"
    judges.openssl_chain(place.public / f"{name}.crt", root=anchor, chain=chain, crls=lists, at=AT, purpose=purpose)


def test_the_tls_certificate_names_this_machine_and_the_public_host(place: Place) -> None:
    hold(place)
    names = read(place, "tls").extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == list(HOSTS)
    assert tls_hosts("https://Paraphe.example.com:8443/x") == HOSTS
    assert tls_hosts("https://[::1]:8443") == HOSTS[:3]
    assert tls_hosts("https://localhost:8443") == HOSTS[:3]


def test_no_policy_is_one_of_others() -> None:
    """evidence.md: never LCP, NCP without an audit."""
    for oid in pki.declared().policies.values():
        assert not oid.startswith("0.4.0.")
        assert all(int(arc) < 2**31 for arc in oid.split("."))
