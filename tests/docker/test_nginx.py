"""docker/nginx.conf in a real nginx, before the processes of compose.yml: what is handed over, what is not."""

import json
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.docker.composed import NGINX, Composed
from tests.http_signer import HttpSigner
from tests.pdfs import sound

FORGED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "Forwarded": "for=203.0.113.9"}


def test_nginx_takes_the_file(composed: Composed) -> None:
    done = subprocess.run(
        [NGINX, "-t", "-q", "-c", str(composed.configuration)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_path_is_walked_through_the_proxy_and_its_trail_has_the_callers_own_address(
    composed: Composed, tmp_path: Path
) -> None:
    """reliability.md, forged headers: what a client says of its address is overwritten."""
    contract = tmp_path / "contrat.pdf"
    contract.write_bytes(sound.contract(1))
    told = json.loads(
        composed.manage("create_envelope", "--to-sign", contract, "--signer", "Camille;Martin;camille@exemple.fr;")
    )
    signer = HttpSigner(composed.state / "sandbox" / "tls-root.crt")
    signer.say_always(FORGED)
    assert signer.sign(told["signers"][0]["link"], composed.state / "mailbox").endswith("/done")
    question = (
        "from evidence.models import Opening; "
        f"print(sorted(set(Opening.objects.filter(field='ip', entry__trail__reference='{told['reference']}')"
        ".values_list('value', flat=True))))"
    )
    assert composed.manage("shell", "-v0", "-c", question).strip() == "['127.0.0.1']"


def test_a_client_is_known_by_the_certificate_that_the_proxy_saw(composed: Composed) -> None:
    client = composed.state / "sandbox" / "client"
    assert composed.ask(composed.service, "/health/live", certificate=client)[0] == 200
    forged = composed.ask(composed.service, "/health/live", certificate=client, headers={"X-Client-Cert": "forged"})
    assert forged[0] == 200


@pytest.mark.parametrize("header", ["X-Client-Cert", "X_Client_Cert"])
def test_who_has_no_certificate_gains_nothing_by_a_header(composed: Composed, header: str) -> None:
    certificate = x509.load_pem_x509_certificate((composed.state / "sandbox" / "client.crt").read_bytes())
    own = certificate.public_bytes(Encoding.PEM).decode().replace("\n", "%0A")
    status, body, headers = composed.ask(composed.service, "/health/live", headers={header: own})
    assert status == 401
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["errorLabel"] == "ERROR_CLIENT_CERTIFICATE"


def test_who_sends_file_after_file_to_be_verified_is_told_to_wait_and_may_still_look(composed: Composed) -> None:
    told = [composed.ask(composed.people, "/verify/", method="POST") for _ in range(12)]
    assert {status for status, _, _ in told[:10]} == {403}  # no form of ours: not the proxy's matter
    status, body, headers = told[-1]
    assert (status, headers["Retry-After"]) == (429, "10")
    assert "<form" in body
    assert composed.ask(composed.people, "/verify/")[0] == 200


def test_a_certificate_of_somebody_else_is_refused_in_json(composed: Composed, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-subj", "/CN=x", "-days", "1", "-keyout", f"{foreign}.key", "-out", f"{foreign}.crt"),
        ],
        check=True,
        capture_output=True,
    )
    status, body, _ = composed.ask(composed.service, "/health/live", certificate=foreign)
    assert status == 401
    assert json.loads(body)["errorLabel"] == "ERROR_CLIENT_CERTIFICATE"


def test_plain_http_answers_lists_and_certificates_only(composed: Composed) -> None:
    status, _, headers = composed.ask(composed.pki, "/pki/issuing.crl")
    assert (status, headers["Content-Type"]) == (200, "application/pkix-crl")
    for path in ("/", "/a/token", "/admin/", "/pki/secret.key"):
        assert composed.ask(composed.pki, path)[0] == 404, path


def test_nothing_that_the_proxy_writes_holds_an_address(composed: Composed) -> None:
    composed.ask(composed.people, "/a/" + "y" * 43)
    assert "y" * 43 not in (composed.folder / "error.log").read_text()
