"""Issue 4, part 8: pkilint over every kind of certificate and list that we make, but for reasoned exceptions."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.timezone import now

from evidence import keys
from signing.clients import certificates
from signing.engine.ca import SignerSubject, new_serial
from signing.engine.crls import Revoked
from signing.engine.keys import OneUseKey
from signing.engine.profiles import Issuer
from tests.engine import authority
from tests.evidence import pki
from tests.signing import walks
from tests.verification import lints

LONG_LIVED = ("root", "issuing", "tsa", "seal", "access", "tls")
NAMES = {
    "plain": ("Camille", "Martin"),
    "Cyrillic": ("Дмитрий", "Шостакович"),
    "Han": ("王小明", ""),
    "Arabic": ("محمد", "العربي"),
    "one name": ("", "Aristote"),
    "long": ("Maximilienne-Alexandrine " * 4, "de La Rochefoucauld-Doudeauville " * 4),
    "marks": ("Zoë\u0301\u202e", "<img onerror=x> O’Brien & Söhne"),
}


@pytest.fixture(scope="module")
def public() -> Path:
    return pki.hold()


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("name", LONG_LIVED)
def test_long_lived_certificates(name: str) -> None:
    assert lints.pkix(der(keys.certificate(name))) == lints.excepted(name)


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("name", ["tsa", "seal"])
def test_those_of_the_operator_are_of_a_legal_person(name: str) -> None:
    """EN 319 412-3."""
    assert lints.etsi(der(keys.certificate(name)), "LEGAL") == lints.excepted(f"{name}, EN 319 412-3")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("policy", [authority.POLICY, f"{authority.POLICY[:-1]}4"], ids=["production", "test"])
def test_one_use_certificates(name: str, policy: str) -> None:
    """RFC 5280 and EN 319 412-2, natural persons: nothing at all is found."""
    given, surname = NAMES[name]
    at = authority.AT - timedelta(minutes=1)
    certificate = (
        authority.pki()
        .issuer_of(policy)
        .issue(
            OneUseKey.generate().public_key,
            SignerSubject(given, surname, "FR", f"{authority.REFERENCE}-{authority.DIGITS}"),
            serial=new_serial(),
            not_before=at,
            not_after=at + timedelta(minutes=60),
        )
    )
    assert lints.pkix(der(certificate)) == lints.excepted("one_use")
    assert lints.etsi(der(certificate), "NATURAL") == lints.excepted("one_use")


@pytest.mark.django_db
def test_certificates_of_clients_machines(public: Path) -> None:
    access = keys.open_identity("access")
    issuer = Issuer(access.key, access.certificate, "http://pki.example.com/pki/access")
    made = certificates.make(walks.a_client(), issuer, at=now())
    assert lints.pkix(made.der) == lints.excepted("client")


@pytest.mark.parametrize("name", ["root", "issuing", "access"])
def test_lists_of_the_ceremony(public: Path, name: str) -> None:
    assert lints.crl((public / f"{name}.crl").read_bytes(), of_authorities=name == "root") == set()


@pytest.mark.parametrize("revoked", [0, 1, 40])
def test_lists_of_the_worker(revoked: int) -> None:
    """As they are embedded in every signature, with and without entries."""
    entries = [Revoked(serial=new_serial(), revoked_at=authority.AT) for _ in range(revoked)]
    founded = authority.pki()
    made = founded.crl(founded.issuing, authority.AT, timedelta(minutes=50), *entries)
    assert lints.crl(made, of_authorities=False) == set()
