"""What a query says and leaves unsaid (certsign-api.md): blanks, numbers as they were written, profiles."""

import json
from typing import Any

import pytest

from signing.backend.api.service import api
from signing.backend.models import Order, SignatureRequest
from tests.pdfs import sound
from tests.service.conftest import Machine
from tests.service.integrator import HOLDER, document


@pytest.mark.parametrize(
    ("country", "mobile", "asked"),
    [
        ("BE", "0470123456", "0470123456"),
        ("BE", "0470123456", "+32470123456"),
        ("BE", "0470123456", "0470 12 34 56"),
        ("BE", "+32470123456", "0470123456"),
        ("FR", "0611111142", "06 11 11 11 42"),
        ("BE", "+33611111142", "0611111142"),
    ],
)
def test_a_holder_is_found_by_the_number_as_it_was_given(
    machine: Machine, country: str, mobile: str, asked: str
) -> None:
    number = machine.order({"country": country, "mobile": mobile})
    machine.order({"country": "LU", "mobile": "+352621123456"})
    status, found = machine.call("GET", "/ephemeral/orders/search", mobile=asked)
    assert (status, [each["orderRequestId"] for each in found]) == (200, [number])


def test_a_national_number_is_no_other_countrys(machine: Machine) -> None:
    machine.order({"country": "FR", "mobile": "+32470123456"})
    machine.order({"country": "BE", "mobile": "0470999999"})
    assert machine.call("GET", "/ephemeral/orders/search", mobile="0470123456") == (200, [])


@pytest.mark.parametrize(
    "asked", ["idn@bücher.example", "IDN@BÜCHER.example", "idn@xn--bcher-kva.example", "idn@bu\u0308cher.example"]
)
@pytest.mark.parametrize("given", ["idn@bücher.example", "idn@BÜCHER.example", "idn@xn--bcher-kva.example"])
def test_a_holder_is_found_by_every_spelling_of_the_domain(machine: Machine, given: str, asked: str) -> None:
    """One mailbox, however its domain is written (RFC 5890)."""
    number = machine.order({"email": given})
    machine.order({"email": "idn@bucher.example"})
    found = machine.call("GET", "/ephemeral/orders/search", email=asked)[1]
    assert [each["orderRequestId"] for each in found] == [number]


@pytest.mark.parametrize("asked", ["idn@", "@", "idn", "a@" + "é" * 70, "@.."])
def test_what_is_no_address_finds_nobody(machine: Machine, asked: str) -> None:
    machine.order({"email": "idn@exemple.fr"})
    assert machine.call("GET", "/ephemeral/orders/search", email=asked) == (200, [])


def test_search_takes_a_profile(machine: Machine) -> None:
    """The contract: also takes raProfile; an account is one profile."""
    number = machine.order({"email": "un@exemple.fr"})
    other = machine.order({"email": "deux@exemple.fr"})
    found = machine.call("GET", "/ephemeral/orders/search", raProfile="RA1")[1]
    assert [each["orderRequestId"] for each in found] == [other, number]
    found = machine.call("GET", "/ephemeral/orders/search", raProfile="RA1", email="un@exemple.fr")[1]
    assert [each["orderRequestId"] for each in found] == [number]
    assert machine.call("GET", "/ephemeral/orders/search", email=" ", raProfile="")[0] == 422


@pytest.mark.parametrize(
    ("method", "path", "blank", "status"),
    [
        ("GET", "/ephemeral/signatures/search", {"status": "", "externalOrderRequestId": ""}, 200),
        ("POST", "/ephemeral/signatures/sign", {"mode": "", "asyncPostUrl": "", "otp": ""}, 409),
        ("POST", "/ephemeral/trigger/signatures/sign", {"mode": " "}, 409),
        ("POST", "/ephemeral/trigger/signatures/validate", {"smsApplicationCode": ""}, 200),
    ],
)
def test_a_blank_value_is_an_absent_one(
    machine: Machine, method: str, path: str, blank: dict[str, str], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signing.backend.api.waiting.while_any", lambda *_a, **_k: None)
    number = machine.order()
    assert machine.call(method, path, orderRequestId=number, **blank)[0] == status


def test_a_length_that_is_missing_is_described() -> None:
    """A chunked body is answered 411 (`signing.backend.api.edge`)."""
    paths: dict[str, Any] = api.get_openapi_schema(path_prefix="")["paths"]
    for path, item in paths.items():
        for method in {"post", "patch"} & set(item):
            assert {"411", 411} & set(item[method]["responses"]), (method, path)


@pytest.mark.parametrize(("trouble", "label"), [("CAPPED", "ERROR_OTP_CAPPED"), ("TOO_SOON", "ERROR_OTP_TOO_SOON")])
def test_why_no_code_went_out_is_told_with_the_moment_to_come_back(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, trouble: str, label: str
) -> None:
    def worked(*_arguments: Any, **_named: Any) -> None:
        Order.objects.update(work="", code_trouble=trouble)

    number = machine.order()
    monkeypatch.setattr("signing.backend.api.waiting.while_any", worked)
    answer = machine.raw("POST", "/ephemeral/trigger/signatures/validate", orderRequestId=number)
    assert (answer.status_code, json.loads(answer.content)["errorLabel"]) == (429, label)
    assert 1 <= int(answer["Retry-After"]) <= 24 * 3600


def test_a_blank_member_of_a_body_is_an_absent_one(machine: Machine) -> None:
    line = {"lineContent": "Lu", "lineFont": "", "lineFontSize": " ", "lineColor": "", "linePosXInImage": ""}
    options = {"signatureType": "", "digestAlgorithmName": " ", "signaturePackagingType": "", "documentType": ""}
    visible = {"signaturePage": "", "signaturePosX": "", "signatureTextFontSize": "", "linesOptions": [line]}
    asked = document(
        sound.contract(1), signatureOptions=options, pdfSignatureOptions=visible, enableArchive="", archiverNames=""
    )
    number = machine.order()
    status, told = machine.call("POST", "/ephemeral/signatures", [asked], orderRequestId=number)
    assert (status, [each["status"] for each in told]) == (200, ["SIGN_CREATED"]), told
    row = SignatureRequest.objects.get(pk=told[0]["signatureRequestId"])
    assert (row.level, row.digest, row.archive) == ("PAdES_BASELINE_LTA", "sha256", None)
    assert row.stamp is not None
    assert [(each["font"], each["size"]) for each in row.stamp["lines"]] == [("Helvetica", 10)]


def test_a_sign_that_lost_against_a_refusal_is_a_conflict(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md, Faults: exactly one wins, losers get 409."""
    number = machine.order()
    told = machine.call("POST", "/ephemeral/signatures", [document(sound.contract(1))], orderRequestId=number)[1]

    def refused(*_arguments: Any, **_named: Any) -> None:
        status, _ = machine.call(
            "PATCH", "/ephemeral/signatures", {"status": "REFUSED"}, id=told[0]["signatureRequestId"]
        )
        assert status == 204

    monkeypatch.setattr("signing.backend.api.waiting.while_any", refused)
    status, said = machine.call("POST", "/ephemeral/signatures/sign", orderRequestId=number)
    assert (status, said["errorLabel"]) == (409, "ERROR_STATE")


def test_the_integrators_label_may_differ_when_an_order_is_asked_for_again(machine: Machine) -> None:
    """certsign-api.md, clientIdentifier: never judged; public tests send a random UUID."""
    first = machine.order(externalOrderRequestId="E-1", clientIdentifier="un")
    assert machine.order(externalOrderRequestId="E-1", clientIdentifier="deux") == first
    body = {"holder": HOLDER | {"firstname": "Autre"}, "externalOrderRequestId": "E-1"}
    assert machine.call("POST", "/ephemeral/orders", body)[0] == 409
