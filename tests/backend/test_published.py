from pathlib import Path

import pytest
from cryptography import x509
from django.test import Client
from django.utils.timezone import now

from evidence import files
from signing.backend import revocation
from tests.signing import walks

pytestmark = pytest.mark.urls("config.urls_pki")


def test_lists_and_issuers_are_published_as_der(walk: Path) -> None:
    """Issue, Interfaces: /pki/* on the plain HTTP port."""
    walks.pki.hold()
    for name in ("root", "issuing", "access"):
        crl = Client().get(f"/pki/{name}.crl")
        assert crl["Content-Type"] == "application/pkix-crl"
        assert x509.load_der_x509_crl(crl.content).issuer
        issuer = Client().get(f"/pki/{name}.cer")
        assert issuer["Content-Type"] == "application/pkix-cert"
        assert x509.load_der_x509_certificate(issuer.content).subject
    assert Client().get("/pki/cps.txt").status_code == 200


def test_a_renewed_list_is_the_one_that_is_published(walk: Path) -> None:
    walks.pki.hold()
    made = revocation.renew(now())
    crl = x509.load_der_x509_crl(Client().get("/pki/issuing.crl").content)
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == made.number


def test_a_list_that_a_dead_worker_did_not_publish_is_published_by_the_next_heartbeat(walk: Path) -> None:
    """Nor does one that was slow put an older list in its place."""
    published = walks.pki.hold() / "issuing.crl"
    old = published.read_bytes()
    made = revocation.renew(now())
    published.write_bytes(old)
    revocation.in_force(now(), left_seconds=60)
    assert published.read_bytes() == files.read(made.sha256)


@pytest.mark.parametrize(
    "path", ["/pki/seal.crl", "/pki/tls.cer", "/pki/..%2f..%2fkeys%2fissuing.crl", "/", "/admin/", "/a/x"]
)
def test_nothing_else_is_there(walk: Path, path: str) -> None:
    assert Client().get(path).status_code == 404
