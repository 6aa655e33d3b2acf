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
    [({}, [None], "0.archiverNames"), ({"externalOrderRequestId": "a\0"}, "", "La requête")],
)
def test_a_sentence_names_members_and_nothing_of_ours(
    machine: Machine, query: dict[str, str], names: Any, said: str
) -> None:
    status, told = machine.call("POST", ADD, [document(sound.terms(), archiverNames=names)], **query)
    assert status == 422
    assert told["errorMsg"].startswith((f"{said} :", f"{said}.0 :"))


def test_a_plus_of_an_address_that_was_lost_on_the_way_is_put_back(machine: Machine) -> None:
    number = machine.order(holder={"email": "jean+test@exemple.fr"})
    status, told = machine.call("GET", f"{ORDERS}/search?email=jean+test@exemple.fr")
    assert (status, [each["orderRequestId"] for each in told]) == (200, [number])


def test_a_compressed_body_is_told_apart_from_an_unreadable_one(pem: str) -> None:
    calling = Http(headers={"X-Client-Cert": pem, "Content-Encoding": "gzip"})
    body = gzip.compress(json.dumps({"holder": HOLDER}).encode())
    answer = calling.generic("POST", ORDERS, body, content_type="application/json")
    assert (answer.status_code, json.loads(answer.content)["errorLabel"]) == (415, "ERROR_MEDIA_TYPE")


def test_a_font_that_is_none_is_answered_with_those_that_are(machine: Machine) -> None:
    """As a signatureType or an idType is: whoever reads it knows what to write."""
    order = machine.order()
    options = {"linesOptions": [{"lineContent": "Camille", "lineFont": "Arial"}]}
    body = [document(sound.contract(1), pdfSignatureOptions=options)]
    status, told = machine.call("POST", "/ephemeral/signatures", body, orderRequestId=order)
    assert (status, told["errorLabel"]) == (422, "ERROR_FORMAT")
    assert "lineFont : sont admis Times_roman, " in told["errorMsg"]
    assert "Courier_Bold_Oblique_not_archived" in told["errorMsg"]
