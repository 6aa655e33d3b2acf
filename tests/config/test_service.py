"""The service listener over real TLS: reliability.md, client authentication; stack facts, section 3."""

import json
import ssl
import subprocess
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPSConnection
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from django.utils.timezone import now

from signing.engine.profiles import Issuer
from tests.http_signer import HttpSigner
from tests.signing.clients import access
from tests.stack import Stack

Judge = Callable[..., subprocess.CompletedProcess[str]]
CERTIFICATE = "ERROR_CLIENT_CERTIFICATE"
DAY = timedelta(days=1)


def call(
    stack: Stack, path: str = "/health/live", *, certificate: Path | None = None, header: str = ""
) -> tuple[int, dict[str, object]]:
    """Ask the service as an HTTP library with a client certificate does; raises ssl.SSLError where TLS refuses."""
    context = ssl.create_default_context(cafile=stack.state / "sandbox" / "tls-root.crt")
    if certificate:
        context.load_cert_chain(certificate.with_suffix(".crt"), certificate.with_suffix(".key"))
    connection = HTTPSConnection("localhost", stack.service_port, timeout=10, context=context)
    try:
        connection.request("GET", path, headers={"X-Client-Cert": header} if header else {})
        response = connection.getresponse()
        assert response.headers["Content-Type"] == "application/json"
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def sandbox_client(stack: Stack) -> Path:
    return stack.state / "sandbox" / "client"


def written(place: Path, certificate: x509.Certificate, key: bytes) -> Path:
    place.with_suffix(".crt").write_bytes(certificate.public_bytes(Encoding.PEM))
    place.with_suffix(".key").write_bytes(key)
    return place


def own_authority(stack: Stack) -> Issuer:
    """The access CA of the running Paraphe."""
    key = load_pem_private_key((stack.state / "keys" / "access.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    certificate = x509.load_pem_x509_certificate((stack.state / "pki" / "access.crt").read_bytes())
    return Issuer(key, certificate, "http://127.0.0.1:8080/pki/access")


@pytest.mark.parametrize("path", ["/health/live", "/nowhere"])
def test_without_a_certificate_nothing_answers(stack: Stack, path: str) -> None:
    """A clean 401 in JSON instead of an alert."""
    status, told = call(stack, path)

    assert (status, told["errorLabel"]) == (401, CERTIFICATE)


def test_the_sandbox_client_is_answered(stack: Stack) -> None:
    assert call(stack, certificate=sandbox_client(stack)) == (200, {"live": True})


def test_an_address_that_does_not_exist_is_told_in_json(stack: Stack) -> None:
    """certsign-api.md, Errors; what people reach does not exist here."""
    for path in ("/nowhere", "/admin/", "/health/ready"):
        status, told = call(stack, path, certificate=sandbox_client(stack))
        assert (status, told["errorLabel"]) == (404, "ERROR_NOT_FOUND"), path


def test_a_forged_header_is_not_believed(stack: Stack) -> None:
    """Threats, "forged headers": no proxy is declared, so what the proxy would send comes from anybody."""
    forged = sandbox_client(stack).with_suffix(".crt").read_text().replace("\n", "%0A")

    assert call(stack, header=forged)[0] == 401


def test_one_of_our_ca_that_nobody_registered_is_refused(stack: Stack, tmp_path: Path) -> None:
    unknown = written(tmp_path / "unknown", *access.issued(own_authority(stack), begin=now() - DAY, end=now() + DAY))

    status, told = call(stack, certificate=unknown)

    assert (status, told["errorLabel"]) == (401, CERTIFICATE)


@pytest.mark.parametrize("kind", ["foreign", "expired"])
def test_one_of_a_foreign_ca_and_one_out_of_time_do_not_pass_tls(stack: Stack, tmp_path: Path, kind: str) -> None:
    """Under TLS 1.3 the alert comes with the first read."""
    issuer = access.authority(now()) if kind == "foreign" else own_authority(stack)
    end = now() + (DAY if kind == "foreign" else -DAY)
    refused = written(tmp_path / kind, *access.issued(issuer, begin=now() - 2 * DAY, end=end))

    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        call(stack, certificate=refused)


def test_a_revoked_certificate_is_refused_at_once_and_its_successor_is_not(stack: Stack, tmp_path: Path) -> None:
    """By the next request in the database, by TLS as soon as the worker has made the list; no process is restarted."""
    client = sandbox_client(stack)
    former = tmp_path / "former"
    for ending in (".crt", ".key"):
        former.with_suffix(ending).write_bytes(client.with_suffix(ending).read_bytes())
    assert call(stack, certificate=former)[0] == 200

    assert "révoqué" in stack.manage("revoke_access", former.with_suffix(".crt")).stdout

    refusals: list[object] = []

    def refused_by_tls() -> bool:
        try:
            status, told = call(stack, certificate=former)
        except (ssl.SSLError, ConnectionResetError):
            return True
        refusals.append((status, told["errorLabel"]))
        return False

    HttpSigner.wait(refused_by_tls)
    assert set(refusals) <= {(401, CERTIFICATE)}
    stack.manage("sandbox")
    assert call(stack, certificate=client)[0] == 200


@pytest.mark.parametrize(("version", "spoken"), [("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)])
def test_nothing_older_than_tls_1_2_is_spoken(stack: Stack, outside: Judge, version: str, spoken: bool) -> None:  # noqa: FBT001 - a parameter of the test
    told = outside(
        "openssl", "s_client", version, "-cipher", "DEFAULT@SECLEVEL=0", "-connect", f"127.0.0.1:{stack.service_port}"
    )

    assert ("BEGIN CERTIFICATE" in told.stdout) is spoken, told.stdout
