"""Members as integrators write them: which names count, what is judged, how a wrong one is told (certsign-api.md)."""

import gzip
import json
from typing import Any

import pytest
from django.test import Client as Http

from evidence import chain, events, trail
from signing.backend.api import visible
from signing.backend.api.options import PdfSignatureOptions
from signing.backend.models import Challenge, Order
from tests.pdfs import sound
from tests.service.conftest import Machine
from tests.service.integrator import HOLDER, document

ORDERS, ADD = "/ephemeral/orders", "/ephemeral/signatures"


def test_our_own_names_of_members_are_unknown_ones(machine: Machine) -> None:
    odd = {"enable_otp": "zzz", "external_order_request_id": "PYTHON"}
    number = machine.order(holder={"id_type": 7}, **odd)
    order = Order.objects.get(pk=number)
    assert (order.otp, order.external_id) == (False, None)
    assert machine.call("GET", ORDERS, external_id=number)[0] == 404


@pytest.mark.parametrize("label", [True, {}, [], "a\0b", 7, "x" * 999])
def test_the_integrators_label_is_never_judged(machine: Machine, label: Any) -> None:
    machine.order(clientIdentifier=label)


def test_a_kind_of_document_without_its_number_is_told_in_the_trail(machine: Machine) -> None:
    order = Order.objects.get(pk=machine.order(holder={"idType": "PASSPORT"}))
    told = chain.members(bytes(trail.first(order.trail, events.ExtrinsicAdded).canonical))["data"]
    assert (told["type"], told.get("number")) == ("PASSPORT", None)


def test_a_phone_may_come_as_a_number(machine: Machine) -> None:
    machine.call("POST", "/otp/send", {"contact": 33611111147})
    assert Challenge.objects.get().contact == "+33611111147"


def test_a_coordinate_that_is_not_said_is_the_clients_default() -> None:
    for name, place in (("signaturePosX", {"x": 70.0}), ("signaturePosY", {"y": 70.0})):
        options = PdfSignatureOptions.model_validate({"signatureText": "Lu", name: 70})
        kept = visible.asked(options, image=b"", pages=1)
        assert kept is not None
        assert {key: kept[key] for key in ("x", "y") if key in kept} == place


@pytest.mark.parametrize(
    ("query", "names", "said"),
    [({}, [None], "0.archiverNames"), ({"externalOrderRequestId": "a\0"}, "", "externalOrderRequestId")],
)
def test_a_sentence_names_members_and_nothing_of_ours(
    machine: Machine, query: dict[str, str], names: Any, said: str
) -> None:
    status, told = machine.call("POST", ADD, [document(sound.terms(), archiverNames=names)], **query)
    assert status == 422
    assert told["errorMsg"].startswith((f"{said} :", f"{said}.0 :"))


FAR = "1e400"  # JSON has it, a float has not
NUMBERLESS = ["-" + FAR, "1" + "0" * 5000]


@pytest.mark.parametrize("number", [FAR, *NUMBERLESS], ids=["large", "small", "digits"])
@pytest.mark.parametrize("member", ["firstname", "mobile", "idNumber", "country"])
def test_a_number_past_all_bounds_is_no_name(machine: Machine, member: str, number: str) -> None:
    """certsign-api.md, Transport: numbers may stand for texts; "inf" is what nobody wrote."""
    body = json.dumps({"holder": HOLDER | {member: "HERE"}}).replace('"HERE"', number)
    status, told = machine.text("POST", ORDERS, body)
    digits = len(number) > 4300  # read by no parser
    assert (status, told["errorLabel"]) == ((400, "ERROR_BAD_REQUEST") if digits else (422, "ERROR_FORMAT"))
    assert not digits or "JSON" in told["errorMsg"]
    assert digits or told["errorMsg"].startswith(f"holder.{member} : cette valeur manque ou n'est pas valable")
    assert not Order.objects.exists()


@pytest.mark.parametrize("place", ["keywords", "hash", "toSignContent", "pdfSignatureOptions.signatureText"])
def test_nor_is_it_a_word_of_a_document(machine: Machine, place: str) -> None:
    order = machine.order()
    *above, name = place.split(".")
    value: Any = {name: ["un", "HERE"] if name == "keywords" else "HERE"}
    sent = document(sound.terms(), **({above[0]: value} if above else value))
    body = json.dumps([sent]).replace('"HERE"', FAR)
    status, told = machine.text("POST", f"{ADD}?orderRequestId={order}", body)
    assert (status, told["errorLabel"]) == (422, "ERROR_FORMAT")
    assert told["errorMsg"].startswith(f"0.{place} : ")
    assert not Order.objects.get(pk=order).requests.exists()


def test_in_a_member_that_nobody_knows_it_may_stand(machine: Machine) -> None:
    body = json.dumps({"holder": HOLDER, "unknown": ["HERE", {"x": "HERE"}]}).replace('"HERE"', FAR)
    assert machine.text("POST", ORDERS, body)[0] == 200


def test_in_a_query_it_is_a_text_as_another(machine: Machine) -> None:
    assert machine.call("GET", ORDERS, id="1E400")[0] == 404
    assert machine.call("GET", f"{ORDERS}/search", email="1E400") == (200, [])


def test_a_plus_of_an_address_that_was_lost_on_the_way_is_put_back(machine: Machine) -> None:
    number = machine.order(holder={"email": "jean+test@exemple.fr"})
    status, told = machine.call("GET", f"{ORDERS}/search?email=jean+test@exemple.fr")
    assert (status, [each["orderRequestId"] for each in told]) == (200, [number])


def test_a_compressed_body_is_told_apart_from_an_unreadable_one(pem: str) -> None:
    calling = Http(headers={"X-Client-Cert": pem, "Content-Encoding": "gzip"})
    body = gzip.compress(json.dumps({"holder": HOLDER}).encode())
    answer = calling.generic("POST", ORDERS, body, content_type="application/json")
    assert (answer.status_code, json.loads(answer.content)["errorLabel"]) == (415, "ERROR_MEDIA_TYPE")


@pytest.mark.parametrize("colour", [2**32, -(2**31) - 1, 10**30, True])
def test_what_is_no_colour_is_refused(machine: Machine, colour: Any) -> None:
    """Not drawn in the colour that its lowest bits happen to be."""
    assert_refused(machine, {"linesOptions": [{"lineContent": "Lu", "lineColor": colour}]}, "linesOptions.0.lineColor")


@pytest.mark.parametrize("member", ["signaturePosX", "signaturePosY", "signaturePage", "signatureTextFontSize"])
def test_true_is_no_number(machine: Machine, member: str) -> None:
    assert_refused(machine, {"signatureText": "Lu", member: True}, member)


def assert_refused(machine: Machine, options: dict[str, Any], place: str) -> None:
    body = [document(sound.contract(1), pdfSignatureOptions=options)]
    status, told = machine.call("POST", ADD, body, orderRequestId=machine.order())
    assert (status, told["errorLabel"]) == (422, "ERROR_FORMAT")
    assert told["errorMsg"].startswith(f"0.pdfSignatureOptions.{place} : ")


@pytest.mark.parametrize("colour", [-1, 2**32 - 1, -65536, "16711680"])
def test_a_colour_may_have_an_alpha_and_a_sign(colour: Any) -> None:
    PdfSignatureOptions.model_validate({"linesOptions": [{"lineContent": "Lu", "lineColor": colour}]})


def test_a_font_that_is_none_is_answered_with_those_that_are(machine: Machine) -> None:
    """As a signatureType or an idType is: whoever reads it knows what to write."""
    order = machine.order()
    options = {"linesOptions": [{"lineContent": "Camille", "lineFont": "Arial"}]}
    body = [document(sound.contract(1), pdfSignatureOptions=options)]
    status, told = machine.call("POST", "/ephemeral/signatures", body, orderRequestId=order)
    assert (status, told["errorLabel"]) == (422, "ERROR_FORMAT")
    assert "lineFont : sont admis Times_roman, " in told["errorMsg"]
    assert "Courier_Bold_Oblique_not_archived" in told["errorMsg"]
