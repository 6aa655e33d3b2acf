"""Bodies that are refused, in a sentence that says what would be taken; and odd ones that are taken."""

from pathlib import Path
from typing import Any

import pytest

from tests.backend.bare_orders import SERVICE
from tests.pdfs import sound
from tests.service.conftest import Machine
from tests.service.integrator import document
from tests.signing import walks

ADD = "/ephemeral/signatures"


@pytest.mark.parametrize(
    ("member", "given", "taken"),
    [
        ("digestAlgorithmName", "SHA224", "SHA256, SHA512"),
        (
            "signatureType",
            "XAdES",
            "PAdES_BASELINE_B, PAdES_BASELINE_T, PAdES_BASELINE_LT, PAdES_BASELINE_LTA",
        ),
        ("signaturePackagingType", "DETACHED", "ENVELOPED"),
        ("documentType", "URL", "INLINE"),
    ],
)
def test_a_word_that_is_not_taken_is_told_those_that_are(machine: Machine, member: str, given: str, taken: str) -> None:
    """Issue 4, bad input: SHA224 with a clear error."""
    body = [document(sound.terms(), signatureOptions={member: given})]
    status, told = machine.call("POST", ADD, body, orderRequestId=machine.order())
    assert (status, told["errorLabel"]) == (422, "ERROR_FORMAT")
    assert told["errorMsg"] == f"0.signatureOptions.{member} : sont admis {taken}."


def test_the_other_words_too(machine: Machine) -> None:
    number = machine.order()
    body = {"holder": {"firstname": "C", "lastname": "M", "email": "a@exemple.fr", "country": "FR", "idType": "CARD"}}
    said = [
        machine.call("POST", "/ephemeral/orders", body),
        machine.call("PATCH", ADD, {"status": "SIGNED"}, id="1"),
        machine.call("POST", f"{ADD}/sign", {}, orderRequestId=number, mode="LATER"),
    ]
    assert {status for status, _ in said} == {422}
    assert [told["errorMsg"].partition(" : ")[2] for _, told in said] == [
        "sont admis IDCARD, PASSPORT, DRIVING, RESIDENCE.",
        "sont admis REFUSED.",
        "sont admis SYNC, ASYNC.",
    ]
    assert machine.call("GET", f"{ADD}/search", orderRequestId=number, status="DONE") == (200, [])  # finds none


@pytest.mark.parametrize("country", ["ZZ", "UK", "uk", "AA", "EU"])
def test_two_letters_that_are_no_country(machine: Machine, country: str) -> None:
    holder = {"firstname": "C", "lastname": "M", "email": "a@exemple.fr", "country": country}
    status, told = machine.call("POST", "/ephemeral/orders", {"holder": holder})
    assert (status, told["errorLabel"]) == (422, "ERROR_FORMAT")
    assert "ISO 3166-1" in told["errorMsg"]
    assert machine.call("POST", "/otp/send", {"contact": "0611111142", "country": country})[0] == 422


@pytest.mark.parametrize("country", ["FR", "gb", "TF", "RE"])
def test_a_country(machine: Machine, country: str) -> None:
    assert machine.order({"country": country, "mobile": None})


def test_an_object_without_members_as_php_writes_it(walk: Path, machine: Machine) -> None:
    number = machine.order(proofFolder=[])
    body = [{**document(sound.terms()), "pdfSignatureOptions": [], "signatureOptions": []}]
    assert machine.call("POST", ADD, body, orderRequestId=number)[0] == 200
    empties: list[Any] = [[], [[]]]
    for empty in empties:
        assert machine.call("POST", ADD, empty, orderRequestId=number)[0] == 422
    assert machine.call("POST", "/ephemeral/orders", [])[0] == 422


def test_an_id_of_a_document_is_one_document_signed_one_way(walk: Path, machine: Machine) -> None:
    number = machine.order()

    def add(**members: Any) -> tuple[int, Any]:
        named = document(sound.terms(), externalSignatureRequestId="D-1", **members)
        return machine.call("POST", ADD, [named], orderRequestId=number)

    stamp = {"signatureText": "Lu", "signaturePosX": 40, "signaturePosY": 60}
    status, first = add(pdfSignatureOptions=stamp)
    assert status == 200
    assert add(pdfSignatureOptions=stamp) == (200, first)
    others: list[dict[str, Any]] = [
        {"pdfSignatureOptions": stamp | {"signaturePosX": 41}},
        {},
        {"pdfSignatureOptions": stamp, "enableArchive": True, "keywords": "bail"},
        {"pdfSignatureOptions": stamp, "signatureOptions": {"signatureType": "PAdES_BASELINE_B"}},
    ]
    for other in others:
        status, told = add(**other)
        assert (status, told["errorLabel"]) == (409, "ERROR_EXTERNAL_ID")


def test_a_document_names_the_order_of_its_query(walk: Path, machine: Machine) -> None:
    """certsign-api.md: orderRequestId and externalOrderRequestId repeat the query."""
    number, other = machine.order(externalOrderRequestId="O-1"), machine.order(externalOrderRequestId="O-2")
    for wrong in ({"orderRequestId": other}, {"externalOrderRequestId": "O-2"}):
        status, told = machine.call("POST", ADD, [document(sound.terms(), **wrong)], orderRequestId=number)
        assert (status, told["errorLabel"]) == (422, "ERROR_FORMAT")
    for right in ({"orderRequestId": int(number)}, {"externalOrderRequestId": "O-1", "orderRequestId": ""}):
        assert machine.call("POST", ADD, [document(sound.terms(), **right)], orderRequestId=number)[0] == 200


def test_nothing_is_added_after_the_code_was_accepted(
    walk: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same by the wire: 409, and the code signs the document it was typed for."""
    monkeypatch.setattr("signing.backend.api.waiting.while_any", lambda *_a, **_k: walks.work(kinds=SERVICE))
    number = machine.order(enableOtp=True, otpContact="camille@exemple.fr")
    assert machine.call("POST", ADD, [document(sound.contract(1))], orderRequestId=number)[0] == 200
    assert machine.call("POST", "/ephemeral/trigger/signatures/validate", {}, orderRequestId=number)[0] == 200
    sign = {"orderRequestId": number, "otp": walks.newest_code()}
    with monkeypatch.context() as patched:
        patched.setattr("signing.backend.bare.give", dead)
        with pytest.raises(KeyboardInterrupt):
            machine.call("POST", "/ephemeral/trigger/signatures/sign", {}, **sign)
    status, told = machine.call("POST", ADD, [document(sound.terms())], orderRequestId=number)
    assert (status, told["errorLabel"]) == (409, "ERROR_STATE")


def dead(*_arguments: Any, **_named: Any) -> None:
    raise KeyboardInterrupt
