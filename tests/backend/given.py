"""An operator's own PKI, of which the issuing CA is given to an installation."""

import io
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import call_command
from django.utils.timezone import now

from signing.engine import crls, profiles
from signing.engine.ca import new_serial
from signing.engine.crls import Revoked
from signing.engine.profiles import Content, Issuer, Policies, Validity
from tests.evidence import pki

ARC = "1.3.6.1.4.1.99999.5"
PUBLISHED = "http://pki.exemple.fr"


@dataclass(frozen=True)
class Parent:
    """The operator's own PKI: a root, and an issuing CA below it."""

    root_key: ec.EllipticCurvePrivateKey
    root: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root_list: bytes


def parent(*, policy: str = profiles.ANY_POLICY, began: timedelta = timedelta(days=1), revoked: bool = False) -> Parent:
    begin = now().replace(microsecond=0) - began
    validity, policies = Validity(begin, begin + timedelta(days=300)), Policies((policy,), f"{PUBLISHED}/cps")
    root_key, key = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP256R1())
    named = profiles.organization("FR", "Groupe Exemple", "NTRFR-552100554", "Racine du groupe")
    root = profiles.root(root_key, Content(named, root_key.public_key(), new_serial(), validity, policies))
    below = profiles.organization("FR", "Groupe Exemple", "NTRFR-552100554", "Signatures du groupe")
    issuer = Issuer(root_key, root, f"{PUBLISHED}/root")
    certificate = profiles.issuing(issuer, Content(below, key.public_key(), new_serial(), validity, policies))
    entries = [Revoked(certificate.serial_number, begin)] if revoked else []
    until = begin + timedelta(days=200)
    listed = crls.revocation_list(root_key, root, number=9, this_update=begin, next_update=until, revoked=entries)
    return Parent(root_key, root, key, certificate, listed)


def listed_anew(made: Parent, days: int = 200) -> Parent:
    """The same with a newer list of its root."""
    begin = now().replace(microsecond=0)
    until = begin + timedelta(days=days)
    return replace(
        made, root_list=crls.revocation_list(made.root_key, made.root, number=10, this_update=begin, next_update=until)
    )


def arguments(made: Parent, folder: Path) -> list[str]:
    folder.mkdir(exist_ok=True)
    pem = {"certificate": made.certificate, "root": made.root}
    for name, certificate in pem.items():
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "root.crl").write_bytes(made.root_list)
    secret = made.key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    files_of = {"--certificate": "certificate.pem", "--root": "root.pem", "--root-list": "root.crl", "--key": "key.pem"}
    return [word for option, name in files_of.items() for word in (option, str(folder / name))]


@pytest.fixture
def empty(walk: Path, settings: Any) -> Path:
    """Empty folders of an installation of production."""
    pki.hold()
    settings.SANDBOX, settings.POLICY_ARC, settings.PKI_URL = False, ARC, "http://pki.exemple.fr/pki"
    settings.OPERATOR = {**settings.OPERATOR, "organization_identifier": "NTRFR-552100554"}
    for name in ("KEYS_DIR", "PKI_DIR", "SANDBOX_DIR"):
        setattr(settings, name, walk / name)
    return walk


def install(made: Parent, folder: Path) -> str:
    out = io.StringIO()
    call_command("install_authority", *arguments(made, folder / "given"), stdout=out)
    return out.getvalue()
