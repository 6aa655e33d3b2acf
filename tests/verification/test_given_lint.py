"""Issue 4, part 8, below an issuing CA given as files: pkilint over it, and over all that is made and listed there.

The CA of this test stands directly below its root, as decision 23 has it.
"""

import io
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import call_command
from django.utils.timezone import now

from evidence import files, keys
from signing.backend.models import RevocationList
from signing.backend.states import OrderStatus
from signing.clients import certificates
from signing.clients.models import Client
from signing.engine.profiles import Issuer
from tests.backend import bare_orders
from tests.backend.bare_orders import SERVICE
from tests.backend.given import PUBLISHED, empty, install, parent
from tests.backend.test_given import identified_otherwise
from tests.signing import walks
from tests.verification import judges, lints

__all__ = ["empty"]
LOOPBACK = "etsi.internal_domain_name"
"""An exception of the sandbox: this installation publishes under a public name."""


@pytest.fixture(params=["SHA-1", "otherwise"])
def house(empty: Path, request: pytest.FixtureRequest) -> Path:
    """An installation of production below a given CA, whose key identifier is a SHA-1 or is not."""
    made = parent() if request.param == "SHA-1" else identified_otherwise(parent())
    install(made, empty)
    call_command("ceremony", stdout=io.StringIO())
    return empty


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def test_what_is_given_and_what_the_ceremony_makes_below_it(house: Path) -> None:
    for name in ("root", "issuing", "tsa", "seal", "access", "tls"):
        assert lints.pkix(der(keys.certificate(name))) == lints.excepted(name), name
    for name in ("tsa", "seal"):
        excepted = lints.excepted(f"{name}, EN 319 412-3") - {LOOPBACK}
        assert lints.etsi(der(keys.certificate(name)), "LEGAL") == excepted, name
    for name in ("root", "issuing", "access"):
        listed = (house / "PKI_DIR" / f"{name}.crl").read_bytes()
        assert lints.crl(listed, of_authorities=name == "root") == set(), name


def test_certificates_and_lists_of_a_signature_made_below_it(house: Path) -> None:
    """Those that stand in the signed file, and the newest list of the worker."""
    walks.a_client()
    Client.objects.update(environment=Client.Environment.PRODUCTION)
    order = bare_orders.opened()
    bare_orders.with_document(order, house)
    bare_orders.sign(order)
    walks.work(kinds=SERVICE)
    order.refresh_from_db()
    assert order.status == OrderStatus.CLOSED
    message = judges.cut(order.requests.get().path)[0].message
    found = [each.chosen.dump() for each in cms.ContentInfo.load(message)["content"]["certificates"]]
    (own,) = [each for each in found if not is_of_authority(each)]
    assert lints.pkix(own) == lints.excepted("one_use")
    assert lints.etsi(own, "NATURAL") == lints.excepted("one_use")
    (newest,) = RevocationList.objects.order_by("-number")[:1]
    assert lints.crl(files.read(newest.sha256), of_authorities=False) == set()


def test_access_certificates_made_below_it(house: Path) -> None:
    access = keys.open_identity("access")
    made = certificates.make(walks.a_client(), Issuer(access.key, access.certificate, f"{PUBLISHED}/access"), at=now())
    assert lints.pkix(made.der) == lints.excepted("client")


def is_of_authority(certificate: bytes) -> bool:
    """Whether it says that it is an authority's."""
    found = x509.load_der_x509_certificate(certificate).extensions.get_extension_for_class(x509.BasicConstraints)
    return bool(found.value.ca)
