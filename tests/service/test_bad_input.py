"""What the service refuses, over real TLS: always JSON with a label and a sentence, nothing left behind."""

import http.client
import json
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from signing.engine.refusals import WORDINGS, Label
from tests.pdfs import active, broken, sound
from tests.service.integrator import HOLDER, Integrator, document
from tests.stack import Stack

OTHER = """
from datetime import datetime, timezone
from pathlib import Path
from otp.models import Policy
from signing.clients.models import Client
from signing.clients.sandbox import keep_certificate
made = {{"name": "Autre SAS", "policy": Policy.objects.first(), "created_at": datetime.now(timezone.utc)}}
client, _ = Client.objects.get_or_create(code="AUT", defaults=made)
folder = Path({folder!r})
folder.mkdir()
keep_certificate(client, folder, at=datetime.now(timezone.utc))
"""
GONE = """
from signing.clients.models import AccessCertificate, Client
AccessCertificate.objects.filter(client__code="AUT").delete()
Client.objects.get(code="AUT").delete()
"""
"""What other tests share has one client, whom commands then need not name."""


@pytest.fixture
def integrator(stack: Stack) -> Iterator[Integrator]:
    with Integrator(stack) as calling:
        yield calling


@pytest.fixture
def other(stack: Stack, tmp_path: Path) -> Iterator[Integrator]:
    """Another client of the same service."""
    stack.manage("shell", "-v0", "-c", OTHER.format(folder=str(tmp_path / "other")))
    with Integrator(stack, certificate=tmp_path / "other" / "client.crt") as calling:
        yield calling
    stack.manage("shell", "-v0", "-c", GONE)


def refused(answer: httpx.Response, status: int, label: str) -> str:
    """The sentence of a refusal; it has both members and no others."""
    told = answer.json()
    assert (answer.status_code, told["errorLabel"]) == (status, label), answer.text
    assert set(told) == {"errorMsg", "errorLabel"}
    assert told["errorMsg"].endswith(".") or told["errorMsg"].endswith(")") or ":" in told["errorMsg"]
    return str(told["errorMsg"])


def test_foreign_and_unknown_are_one_answer(integrator: Integrator, other: Integrator) -> None:
    mine = integrator.order(externalOrderRequestId="mine-alone")["orderRequestId"]
    foreign = other.call("GET", "/ephemeral/orders/", id=mine)
    unknown = other.call("GET", "/ephemeral/orders/", id="999999999")
    assert refused(foreign, 404, "ERROR_NOT_FOUND") == refused(unknown, 404, "ERROR_NOT_FOUND")
    for which in ({"externalId": "mine-alone"}, {"id": "x"}, {"id": "9" * 40}, {"id": "-1"}, {}):
        refused(other.call("GET", "/ephemeral/orders/", **which), 404, "ERROR_NOT_FOUND")
    assert other.ok("GET", "/ephemeral/orders/search", email=HOLDER["email"]) == []
    refused(other.call("DELETE", "/ephemeral/orders/", id=mine), 404, "ERROR_NOT_FOUND")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"holder": None}, 422),
        ({"holder": {**HOLDER, "email": "no address"}}, 422),
        ({"holder": {**HOLDER, "country": "France"}}, 422),
        ({"holder": {**HOLDER, "firstname": "Cam\nille"}}, 422),
        ({"holder": {**HOLDER, "firstname": "\u202e", "lastname": "\u200d"}}, 422),
        ({"enableOtp": True, "otpContact": "12"}, 422),
        ({"externalOrderRequestId": "x" * 201}, 422),
        ({"externalOrderRequestId": "a\0b"}, 422),
        ({"externalOrderRequestId": "a\ufffeb"}, 422),
        ({"holder": {**HOLDER, "idNumber": "\0"}}, 422),
    ],
)
def test_an_order_that_cannot_be(integrator: Integrator, change: dict[str, Any], status: int) -> None:
    refused(integrator.call("POST", "/ephemeral/orders", {"holder": HOLDER, **change}), status, "ERROR_FORMAT")


def test_an_id_of_the_integrators_is_one_order(integrator: Integrator) -> None:
    """certsign-api.md, externalOrderRequestId: same id and same body, the same order; another body, 409."""
    first = integrator.order(externalOrderRequestId="twice")
    again = integrator.order(externalOrderRequestId="twice", enableSharing=None, unknown="member")
    assert again == first
    other = integrator.call(
        "POST", "/ephemeral/orders", {"holder": {**HOLDER, "lastname": "Autre"}, "externalOrderRequestId": "twice"}
    )
    refused(other, 409, "ERROR_EXTERNAL_ID")


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"toSignContent": "%%%"}, "ERROR_FORMAT"),
        ({"toSignContent": None}, "ERROR_FORMAT"),
        ({"hash": "0" * 40}, "ERROR_HASH"),
        ({"hash": "abc"}, "ERROR_HASH"),
        ({"signatureOptions": {"digestAlgorithmName": "SHA224"}}, "ERROR_FORMAT"),
        ({"signatureOptions": {"signatureType": "XAdES"}}, "ERROR_FORMAT"),
        ({"pdfSignatureOptions": {"signatureText": "x", "signaturePosX": "NaN"}}, "ERROR_FORMAT"),
        ({"enableArchive": True, "keywords": ["a\0"]}, "ERROR_FORMAT"),
        ({"externalSignatureRequestId": "\0"}, "ERROR_FORMAT"),
    ],
)
def test_a_document_that_cannot_be(integrator: Integrator, change: dict[str, Any], label: str) -> None:
    number = integrator.order()["orderRequestId"]
    body = [{**document(sound.terms()), **change}]
    refused(integrator.call("POST", "/ephemeral/signatures", body, orderRequestId=number), 422, label)
    assert integrator.ok("GET", "/ephemeral/signatures/search", orderRequestId=number) == []


def test_a_pdf_that_intake_refuses(integrator: Integrator) -> None:
    """Nothing of the call is kept, the sound document of the same call neither."""
    number = integrator.order()["orderRequestId"]
    body = [document(sound.terms()), document(active.xfa())]
    answer = integrator.call("POST", "/ephemeral/signatures", body, orderRequestId=number)
    assert "XFA" in refused(answer, 422, "ERROR_PDF_XFA")
    assert integrator.ok("GET", "/ephemeral/signatures/search", orderRequestId=number) == []


def test_a_refusal_is_in_english_for_who_asks(integrator: Integrator) -> None:
    """certsign-api.md, Errors: French by default."""
    number = integrator.order()["orderRequestId"]
    integrator.http.headers["Accept-Language"] = "en-GB, fr;q=0.5"
    answer = integrator.call("POST", "/ephemeral/signatures", [document(active.xfa())], orderRequestId=number)
    assert refused(answer, 422, "ERROR_PDF_XFA") == WORDINGS[Label.XFA].english


def test_what_was_found_is_told_in_a_header(integrator: Integrator) -> None:
    """DESIGN.md, Decisions: repaired, and the client is told; the members of the answer are the contract's."""
    number = integrator.order()["orderRequestId"]
    body = [document(content) for content in (broken.wrong_offsets(), sound.attachment(), sound.terms())]
    answer = integrator.call("POST", "/ephemeral/signatures", body, orderRequestId=number)
    mended, attached, plain = json.loads(answer.headers["X-Document-Checks"])
    assert mended["checks"] == ["repaired"]
    assert re.fullmatch("[0-9a-f]{64}", mended["sha256"])
    assert (attached, plain) == ({"checks": ["strict", "attachments:1"]}, {"checks": ["strict"]})


@pytest.mark.parametrize(
    "body",
    [
        b'{"holder": {"firstname": "\\ud800", "lastname": "M", "email": "a@exemple.fr", "country": "FR"}}',
        b'{"holder": {"firstname": "A\\u0000", "lastname": "M", "email": "a@exemple.fr", "country": "FR"}}',
        b"[" * 100_000,
        b'{"holder": ' + b"9" * 10_000 + b"}",
        b"\xff\xfe",
    ],
    ids=["surrogate", "nul", "nested", "digits", "no utf-8"],
)
def test_json_that_no_library_writes(integrator: Integrator, body: bytes) -> None:
    answer = integrator.http.post("/ephemeral/orders", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {"errorMsg", "errorLabel"}


@pytest.mark.parametrize("query", ["id=%00", "externalId=a%00b", "externalId=%ff", "id=1&id=2", "id=٣"])
def test_ids_that_none_of_ours_can_be(integrator: Integrator, query: str) -> None:
    for path in ("/ephemeral/orders", "/ephemeral/signatures"):
        answer = integrator.call("GET", f"{path}?{query}")
        assert answer.status_code in {404, 422}


@pytest.mark.parametrize("body", [[], {}, "x", [1]])
def test_no_list_of_documents(integrator: Integrator, body: Any) -> None:
    number = integrator.order()["orderRequestId"]
    refused(integrator.call("POST", "/ephemeral/signatures", body, orderRequestId=number), 422, "ERROR_FORMAT")


def test_calls_in_the_wrong_order(integrator: Integrator) -> None:
    number = integrator.order(enableOtp=True)["orderRequestId"]
    refused(integrator.call("POST", "/ephemeral/signatures/sign", orderRequestId=number), 409, "ERROR_STATE")
    integrator.ok("POST", "/ephemeral/signatures", [document(sound.terms())], orderRequestId=number)
    refused(integrator.call("POST", "/ephemeral/signatures/sign", orderRequestId=number), 409, "ERROR_OTP_REQUIRED")
    early = integrator.call("POST", "/ephemeral/trigger/signatures/sign", orderRequestId=number, otp="123456")
    refused(early, 409, "ERROR_CODE_KO")


def test_the_last_try_and_the_cool_down(integrator: Integrator) -> None:
    number = integrator.order(enableOtp=True, otpContact="+33611111144")["orderRequestId"]
    integrator.ok("POST", "/ephemeral/signatures", [document(sound.terms())], orderRequestId=number)
    integrator.ok("POST", "/ephemeral/trigger/signatures/validate", orderRequestId=number)
    soon = integrator.call("POST", "/ephemeral/trigger/signatures/validate", orderRequestId=number)
    refused(soon, 429, "ERROR_OTP_TOO_SOON")
    assert int(soon.headers["retry-after"]) > 0
    wrong = f"{(int(integrator.code('+33611111144')) + 1) % 1_000_000:06d}"
    said = [
        integrator.call("POST", "/ephemeral/trigger/signatures/sign", orderRequestId=number, otp=wrong).json()
        for _ in range(6)
    ]
    assert [each["errorLabel"] for each in said] == [
        *["ERROR_MAUVAIS_CODE"] * 4,
        *["ERROR_NBR_ESSAI"] * 2,
    ]
    left = [re.search(r"encore (\d+) essai", each["errorMsg"]) for each in said[:4]]
    assert [found and found[1] for found in left] == ["4", "3", "2", "1"]


def test_two_sign_at_once_are_one_signature(integrator: Integrator) -> None:
    number = integrator.order()["orderRequestId"]
    integrator.ok("POST", "/ephemeral/signatures", [document(sound.contract(1))], orderRequestId=number)

    def sign(_: int) -> Any:
        return integrator.ok("POST", "/ephemeral/signatures/sign", orderRequestId=number, mode="SYNC")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(sign, range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0]["status"] == "SIGNED"


@pytest.mark.parametrize(
    ("call", "status", "label"),
    [
        (lambda of: of.call("GET", "/"), 404, "ERROR_NOT_FOUND"),
        (lambda of: of.call("GET", "/admin/"), 404, "ERROR_NOT_FOUND"),
        (lambda of: of.call("PUT", "/ephemeral/orders"), 405, "ERROR_METHOD"),
        (lambda of: of.http.post("/ephemeral/orders", data={"a": "b"}), 415, "ERROR_MEDIA_TYPE"),
        (
            lambda of: of.http.post("/ephemeral/orders", content="{", headers={"Content-Type": "application/json"}),
            400,
            "ERROR_BAD_REQUEST",
        ),
    ],
)
def test_nothing_answers_html(
    integrator: Integrator, call: Callable[[Integrator], httpx.Response], status: int, label: str
) -> None:
    refused(call(integrator), status, label)


@pytest.mark.parametrize(
    ("line", "headers", "status", "label"),
    [
        (f"GET /ephemeral/orders?externalId={'x' * 9000} HTTP/1.1", "", 414, "ERROR_URI_TOO_LONG"),
        ("GET /ephemeral/orders HTTP/1.1", f"X-Long: {'x' * 9000}", 431, "ERROR_HEADERS_TOO_LONG"),
        ("GET /ephemeral/orders HTTP/9.9", "", 400, "ERROR_BAD_REQUEST"),
        ("rien", "", 400, "ERROR_BAD_REQUEST"),
    ],
    ids=["a long address", "a long header", "another HTTP", "no HTTP"],
)
def test_what_no_process_of_ours_reads_is_refused_in_json(
    stack: Stack, line: str, headers: str, status: int, label: str
) -> None:
    """The contract: nothing ever answers HTML; not the server before us either."""
    sandbox = stack.state / "sandbox"
    context = ssl.create_default_context(cafile=sandbox / "tls-root.crt")
    context.load_cert_chain(sandbox / "client.crt", sandbox / "client.key")
    with (
        socket.create_connection(("localhost", stack.service_port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        sent = [line, "Host: localhost", *([headers] if headers else []), "", ""]
        secure.sendall("\r\n".join(sent).encode())
        answer = http.client.HTTPResponse(secure)
        answer.begin()
        told = json.loads(answer.read())
    assert (answer.status, told["errorLabel"]) == (status, label)
    assert answer.getheader("Content-Type") == "application/json"


def test_a_body_over_the_limit_is_refused_before_it_is_read(stack: Stack) -> None:
    """reliability.md, Threats, bombs: one byte more is 413 before it is read."""
    client = stack.state / "sandbox" / "client"
    context = ssl.create_default_context(cafile=stack.state / "sandbox" / "tls-root.crt")
    context.load_cert_chain(client.with_suffix(".crt"), client.with_suffix(".key"))
    connection = http.client.HTTPSConnection("localhost", stack.service_port, context=context, timeout=20)
    connection.putrequest("POST", "/ephemeral/signatures")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(4 * 50_000_000 + 1_000_001))
    connection.endheaders(b"[")
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    assert (answer.status, told["errorLabel"]) == (413, "ERROR_TOO_LARGE")


def test_nobody_without_a_certificate(stack: Stack) -> None:
    with Integrator(stack, anonymous=True) as anonymous:
        for method, path in (("GET", "/openapi.json"), ("POST", "/ephemeral/orders"), ("GET", "/nowhere")):
            refused(anonymous.call(method, path), 401, "ERROR_CLIENT_CERTIFICATE")
