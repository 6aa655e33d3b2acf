"""The sandbox PKI in the state folder of the tests, held once per process, and what issues from it."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from evidence import keys
from evidence.keys import Identity
from evidence.timestamps import Stamper, timestamper
from signing.engine.ca import IssuingAuthority, SignerSubject, new_serial

POLICY = "1.3.6.1.4.1.99999.1"


@cache
def hold() -> Path:
    """Hold the ceremony; gives the folder of the public parts."""
    with Path("/dev/null").open("w") as nowhere:
        call_command("ceremony", stdout=nowhere)
    return Path(settings.PKI_DIR)


def seal() -> Identity:
    hold()
    return keys.open_identity("seal")


def stamper() -> Stamper:
    hold()
    return timestamper()


def crls() -> list[bytes]:
    """The lists of issuing CA and root, DER."""
    return [(hold() / name).read_bytes() for name in ("issuing.crl", "root.crl")]


def one_use(*, given_name: str, surname: str, serial_number: str, at: datetime | None = None) -> Identity:
    """A key and a certificate in a signer's name, as the worker makes them."""
    hold()
    issuing = keys.open_identity("issuing")
    ca = IssuingAuthority(
        issuing.key,
        issuing.certificate,
        issuing.chain,
        pki_url=settings.PKI_URL,
        policy=POLICY,
        cps_uri="http://localhost",
    )
    key = ec.generate_private_key(ec.SECP256R1())
    begin = (at or timezone.now()).replace(microsecond=0) - timedelta(seconds=60)
    certificate = ca.issue(
        key.public_key(),
        SignerSubject(given_name, surname, "FR", serial_number),
        serial=new_serial(),
        not_before=begin,
        not_after=begin + timedelta(minutes=59),
    )
    return Identity("signer", key, certificate, ca.chain())


def root() -> x509.Certificate:
    return seal().chain[-1]
