"""Both flows of the CertSign User API over real TLS, called as integrators call them (certsign-api.md)."""

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from asn1crypto import cms
from cryptography import x509

from evidence.dossier.xml import SCHEMA
from tests.pdfs import sound
from tests.service.integrator import HOLDER, Integrator, document
from tests.stack import Stack
from tests.verification import judges


@pytest.fixture
def integrator(stack: Stack) -> Iterator[Integrator]:
    with Integrator(stack) as calling:
        yield calling


def judged(stack: Stack, signed: bytes, presented: bytes, folder: Path, at: datetime) -> None:
    """The presented file is the beginning of the signed one, which is sound and valid for a judge that is not ours."""
    assert signed[: len(presented)] == presented
    file = folder / "signed.pdf"
    file.write_bytes(signed)
    judges.qpdf_check(file)
    seen = judges.pdfsig(file, root=stack.state / "sandbox" / "root.crt", at=at)[0]
    assert (seen.validation, seen.trust) == ("Signature is Valid.", "Certificate is Trusted.")


def test_without_a_code(stack: Stack, integrator: Integrator, tmp_path: Path) -> None:
    """Onetime: order, documents, sign, get; ids go back as numbers, bodies as they came."""
    contract, terms = sound.contract(2), sound.terms()
    order = integrator.order(externalOrderRequestId="O-1", enableOtp=False, otpContact=None, clientIdentifier="x")
    assert order == {
        "orderRequestId": order["orderRequestId"],
        "externalOrderRequestId": "O-1",
        "status": "CREATED",
    }
    number = int(order["orderRequestId"])
    added = integrator.ok(
        "POST",
        "/ephemeral/signatures",
        [document(contract, externalSignatureRequestId="D-1"), document(terms, hash="", keywords="bail,box")],
        orderRequestId=number,
        externalOrderRequestId="O-1",
    )
    assert [(each["externalSignatureRequestId"], each["status"], each["reason"]) for each in added] == [
        ("D-1", "SIGN_CREATED", ""),
        (None, "SIGN_CREATED", ""),
    ]
    signed = integrator.ok(
        "POST", "/ephemeral/signatures/sign", added, orderRequestId=number, mode="SYNC", asyncPostUrl="/"
    )
    assert [each["status"] for each in signed] == ["SIGNED", "SIGNED"]
    for each, presented in zip(signed, (contract, terms), strict=True):
        told = integrator.ok("GET", "/ephemeral/signatures/", id=int(each["signatureRequestId"]))
        assert told["status"] == "SIGNED"
        at = datetime.fromisoformat(told["signingDate"])
        assert at.tzinfo is not None
        judged(stack, base64.b64decode(told["signedContent"]), presented, tmp_path, at)
    assert integrator.ok("GET", "/ephemeral/orders/", externalId="O-1")["status"] == "CLOSED"
    assert_listed(stack, tmp_path / "signed.pdf")


def assert_listed(stack: Stack, signed: Path) -> None:
    """The list is where the certificate says, in force, from the CA that issued it (RFC 5280, 4.2.1.13)."""
    carried = cms.ContentInfo.load(judges.cut(signed)[0].message)["content"]["certificates"]
    (own,) = (each.chosen for each in carried if not each.chosen.ca)
    (point,) = own.crl_distribution_points
    assert point.url.startswith(f"http://127.0.0.1:{stack.http_port}/pki/")
    listed = x509.load_der_x509_crl(httpx.get(point.url, timeout=10).raise_for_status().content)
    assert listed.issuer.public_bytes() == own.issuer.dump()
    assert listed.next_update_utc is not None
    assert listed.last_update_utc <= datetime.now(UTC) < listed.next_update_utc


@pytest.mark.parametrize("asked_first", [False, True], ids=["documents first", "code first"])
def test_with_a_code(stack: Stack, integrator: Integrator, tmp_path: Path, *, asked_first: bool) -> None:
    """Onetime triggered, in both orders in which clients call validate; a wrong code says how many tries are left."""
    contract = sound.contract(1)
    number = integrator.order(enableOtp=True, otpContact="06 11 11 11 42")["orderRequestId"]
    if asked_first:
        integrator.ok("POST", "/ephemeral/trigger/signatures/validate/", orderRequestId=number)
    (added,) = integrator.ok("POST", "/ephemeral/trigger/signatures/", [document(contract)], orderRequestId=number)
    if not asked_first:
        integrator.ok("POST", "/ephemeral/trigger/signatures/validate/", [added], orderRequestId=number)
    assert integrator.ok("GET", "/ephemeral/orders", id=number)["status"] == "VALIDATION_WAITING"
    code = integrator.code("+33611111142")
    wrong = integrator.call(
        "POST",
        "/ephemeral/trigger/signatures/sign",
        orderRequestId=number,
        mode="SYNC",
        otp=f"{(int(code) + 1) % 1_000_000:06d}",
    )
    assert (wrong.status_code, wrong.json()["errorLabel"]) == (409, "ERROR_MAUVAIS_CODE")
    assert "encore 4 essai" in wrong.json()["errorMsg"]
    (signed,) = integrator.ok(
        "POST", "/ephemeral/trigger/signatures/sign", orderRequestId=number, mode="SYNC", otp=code, asyncPostUrl="/"
    )
    assert signed["status"] == "SIGNED"
    told = integrator.ok("GET", "/ephemeral/signatures", id=signed["signatureRequestId"])
    at = datetime.fromisoformat(told["signingDate"])
    judged(stack, base64.b64decode(told["signedContent"]), contract, tmp_path, at)


def test_an_order_ends_in_a_dossier(stack: Stack, integrator: Integrator, tmp_path: Path) -> None:
    """Issue 4, part 3: the chapters of the path are marked as held by the client; outside judges take both files."""
    holder = {**HOLDER, "firstname": "Zoé", "lastname": "Ångström"}
    number = integrator.order(holder=holder, enableOtp=True, otpContact="+33611111145")["orderRequestId"]
    integrator.ok("POST", "/ephemeral/trigger/signatures/validate", orderRequestId=number)
    integrator.ok("POST", "/ephemeral/trigger/signatures", [document(sound.contract(2))], orderRequestId=number)
    code = integrator.code("+33611111145")
    (signed,) = integrator.ok("POST", "/ephemeral/trigger/signatures/sign", orderRequestId=number, otp=code)
    told = integrator.ok("GET", "/ephemeral/signatures", id=signed["signatureRequestId"])
    file = tmp_path / "signed.pdf"
    file.write_bytes(base64.b64decode(told["signedContent"]))
    reference = reference_in(file)
    out = tmp_path / "out"
    stack.export(reference, out)
    assert (out / "signed" / "01.pdf").read_bytes() == file.read_bytes()
    dossier = out / "signer-1" / "dossier.xml"
    at = datetime.fromisoformat(told["signingDate"])
    judges.xmllint_schema(dossier, SCHEMA)
    judges.xmlsec1_verify(dossier, root=stack.state / "sandbox" / "root.crt", at=at)
    text = subprocess.run(
        ["pdftotext", dossier.with_suffix(".pdf"), "-"], capture_output=True, text=True, check=True, timeout=60
    ).stdout.replace("\u00a0", " ")
    words = " ".join(text.split())
    assert "Exemple SA a montré les documents et recueilli l’accord sur ses propres pages" in words
    assert "demandé avant les documents, son message n’a pas d’empreinte" in words
    assert "Aucune page n’a été lue" not in words
    verified = stack.manage("verify", file, dossier.with_suffix(".pdf"))
    assert [json.loads(line)["verdict"] for line in verified.stdout.splitlines()] == ["valid", "valid"]
    assert json.loads(stack.manage("verify_journal").stdout)["valid"] is True


def reference_in(signed: Path) -> str:
    """The reference that a signature carries in its reason."""
    found = re.search(rb"EXS-\d{4}-\d{6}", signed.read_bytes())
    assert found
    return found[0].decode()


def test_a_document_added_after_the_code_voids_it(integrator: Integrator) -> None:
    """certsign-api.md: a code is tied by the first add; a later change voids it."""
    number = integrator.order(enableOtp=True, otpContact="+33611111143")["orderRequestId"]
    integrator.ok("POST", "/ephemeral/trigger/signatures", [document(sound.contract(1))], orderRequestId=number)
    integrator.ok("POST", "/ephemeral/trigger/signatures/validate", orderRequestId=number)
    code = integrator.code("+33611111143")
    integrator.ok("POST", "/ephemeral/trigger/signatures", [document(sound.terms())], orderRequestId=number)
    answer = integrator.call("POST", "/ephemeral/trigger/signatures/sign", orderRequestId=number, otp=code)
    assert (answer.status_code, answer.json()["errorLabel"]) == (409, "ERROR_CODE_KO")


def test_search_refuse_and_delete(integrator: Integrator) -> None:
    holder = {**HOLDER, "email": "search@exemple.fr", "mobile": None}
    first = integrator.order(holder=holder)["orderRequestId"]
    second = integrator.order(holder=holder)["orderRequestId"]
    found = integrator.ok("GET", "/ephemeral/orders/search", email="search@exemple.fr")
    assert [each["orderRequestId"] for each in found] == [second, first]
    (added,) = integrator.ok("POST", "/ephemeral/signatures", [document(sound.terms())], orderRequestId=first)
    for _ in range(2):  # the second one by whom the first answer did not reach
        patched = integrator.call(
            "PATCH", "/ephemeral/signatures/", {"status": "REFUSED"}, id=added["signatureRequestId"]
        )
        assert (patched.status_code, patched.content) == (204, b"")
    (refused,) = integrator.ok("GET", "/ephemeral/signatures/search/", orderRequestId=first, status="REFUSED")
    assert refused["status"] == "REFUSED"
    assert integrator.call("DELETE", "/ephemeral/orders/", id=second).status_code == 204
    assert integrator.call("GET", "/ephemeral/orders/", id=second).status_code == 404
    late = integrator.call("DELETE", "/ephemeral/orders/", id=first)
    assert (late.status_code, late.json()["errorLabel"]) == (409, "ERROR_STATE")


def test_an_id_of_a_deleted_order_is_free_again(integrator: Integrator) -> None:
    first = integrator.order(externalOrderRequestId="again")["orderRequestId"]
    assert integrator.call("DELETE", "/ephemeral/orders", externalId="again").status_code == 204
    assert integrator.order(externalOrderRequestId="again")["orderRequestId"] != first


@pytest.mark.parametrize("url", ["https://ailleurs.exemple.fr/fini", "http://localhost/fini", "/"])
def test_a_call_back_to_nobody_registered_is_refused_and_nothing_is_signed(integrator: Integrator, url: str) -> None:
    """certsign-api.md, mode=ASYNC: only to a URL whose host the client has registered."""
    number = integrator.order()["orderRequestId"]
    integrator.ok("POST", "/ephemeral/signatures", [document(sound.contract(1))], orderRequestId=number)
    sign = {"orderRequestId": number, "mode": "ASYNC", "asyncPostUrl": url}
    refused = integrator.call("POST", "/ephemeral/signatures/sign", **sign)
    assert (refused.status_code, refused.json()["errorLabel"]) == (422, "ERROR_ASYNC_URL")
    assert integrator.ok("GET", "/ephemeral/orders", id=number)["status"] == "CREATED"
    (started,) = integrator.ok("POST", "/ephemeral/signatures/sign", orderRequestId=number, mode="ASYNC")
    assert started["status"] in {"SIGN_IN_PROGRESS", "SIGNED"}
