"""What the clock ends on a running service: access certificates and revocation lists (issue 4, parts 2 and 8)."""

import json
import ssl
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.utils.timezone import now

from evidence.keys import PrivateKey
from signing.engine import crls
from tests.pdfs import sound
from tests.service.integrator import Integrator, document
from tests.stack import Stack

SECONDS = 90
"""How long anything is waited for, on a machine that others keep busy."""
SHORT = """
import json
from datetime import timedelta
from django.utils.timezone import now
from evidence import keys
from signing.clients import certificates
from signing.clients.models import Client
from signing.engine.profiles import Issuer
access = keys.open_identity("access")
issuer = Issuer(access.key, access.certificate, "http://localhost/pki/access")
begun = now() - certificates.LIFE + timedelta(minutes=1, seconds=8)
made = certificates.make(Client.objects.get(code="EXS"), issuer, at=begun)
print(json.dumps([made.certificate.decode(), made.key.decode()]))
"""
NEAR_ITS_END = """
from datetime import timedelta
from django.utils.timezone import now
from signing.backend import revocation
print(revocation.renew(now() - revocation.LIFE + timedelta(minutes=5)).number)
"""


def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition; fails where it does not come."""
    ends = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.2)


def test_an_access_certificate_ends_by_the_clock(stack: Stack, tmp_path: Path) -> None:
    """On an open connection the call is refused with the label, in the next handshake the certificate; the client's
    other one, which overlaps it, opens the same account all the while."""
    made = json.loads(stack.manage("shell", "-v0", "-c", SHORT).stdout)
    file = tmp_path / "short.crt"
    file.write_text(made[0])
    file.with_suffix(".key").write_text(made[1])
    with Integrator(stack, certificate=file) as ending, Integrator(stack) as other:
        number = ending.order()["orderRequestId"]
        assert other.ok("GET", "/ephemeral/orders", id=number)["orderRequestId"] == number

        until(lambda: ending.call("GET", "/ephemeral/orders", id=number).status_code == 401)

        told = ending.call("GET", "/ephemeral/orders", id=number).json()
        assert told["errorLabel"] == "ERROR_CLIENT_CERTIFICATE"
        assert "hors de sa période de validité" in told["errorMsg"]
        assert x509.load_pem_x509_certificate(made[0].encode()).not_valid_after_utc <= now()
        assert other.ok("GET", "/ephemeral/orders", id=number)["orderRequestId"] == number
    with (
        Integrator(stack, certificate=file) as again,
        pytest.raises((httpx.ReadError, ssl.SSLError), match=r"(?i)expired"),
    ):
        again.call("GET", "/ephemeral/orders", id=number)


def published(stack: Stack) -> x509.CertificateRevocationList:
    """The issuing CA's list, over HTTP from where a certificate below it says that it is."""
    below = x509.load_pem_x509_certificate((stack.state / "pki" / "seal.crt").read_bytes())
    points = below.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    names = points[0].full_name
    assert names is not None
    (name,) = names
    with urllib.request.urlopen(str(name.value), timeout=10) as answer:
        assert answer.headers["Content-Type"] == "application/pkix-crl"
        return x509.load_der_x509_crl(answer.read())


def number(listed: x509.CertificateRevocationList) -> int:
    return listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def test_a_list_near_its_end_is_renewed_by_the_clock_and_published(stack: Stack) -> None:
    """By beat's task alone: nothing is signed meanwhile."""
    near = int(stack.manage("shell", "-v0", "-c", NEAR_ITS_END).stdout)
    until(lambda: number(published(stack)) > near)
    newer = published(stack)
    assert newer.next_update_utc is not None
    assert newer.next_update_utc > now() + timedelta(minutes=25)


def test_with_a_stale_list_it_waits_and_goes_on_when_there_is_one_in_force(stack: Stack) -> None:
    """Of the root, which no worker renews: LT is refused, the order says that it waits, and nothing weaker is made."""
    place = stack.state / "pki" / "root.crl"
    kept = place.read_bytes()
    with Integrator(stack) as integrator:
        order = integrator.order()["orderRequestId"]
        asked = document(sound.contract(1), signatureOptions={"signatureType": "PAdES_BASELINE_LT"})
        (added,) = integrator.ok("POST", "/ephemeral/signatures", [asked], orderRequestId=order)
        try:
            replace(place, stale(stack))
            integrator.ok("POST", "/ephemeral/signatures/sign", orderRequestId=order, mode="ASYNC")
            until(lambda: integrator.ok("GET", "/ephemeral/orders", id=order)["status"] == "SIGN_WAITING")
            told = integrator.ok("GET", "/ephemeral/signatures", id=added["signatureRequestId"])
            assert (told["status"], told["signedContent"]) == ("SIGN_IN_PROGRESS", None)
        finally:
            replace(place, kept)
        until(lambda: integrator.ok("GET", "/ephemeral/orders", id=order)["status"] == "CLOSED")
        told = integrator.ok("GET", "/ephemeral/signatures", id=added["signatureRequestId"])
        assert told["status"] == "SIGNED"


def stale(stack: Stack) -> bytes:
    """A list of the root that ended yesterday."""
    key = load_pem_private_key((stack.state / "keys" / "root.key").read_bytes(), password=None)
    assert isinstance(key, PrivateKey)
    root = x509.load_pem_x509_certificate((stack.state / "pki" / "root.crt").read_bytes())
    over = now() - timedelta(days=2)
    return crls.revocation_list(key, root, number=9, this_update=over, next_update=over + timedelta(days=1))


def replace(place: Path, content: bytes) -> None:
    """At once: a worker never reads half of it."""
    made = place.with_suffix(".new")
    made.write_bytes(content)
    made.replace(place)
