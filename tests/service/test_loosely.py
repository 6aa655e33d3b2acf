"""What integrators write otherwise than the contract's examples, and what mail cannot carry (certsign-api.md)."""

from typing import Any

import pytest

from otp.models import Policy
from signing.backend.api.service import api
from signing.backend.models import Order
from tests.pdfs import sound
from tests.service.conftest import Machine
from tests.service.integrator import HOLDER, document

ORDERS, ADD, SIGN = "/ephemeral/orders", "/ephemeral/signatures", "/ephemeral/signatures/sign"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"holder": HOLDER | {"email": "a1@x.fr,b1@y.fr"}}, "adresse e-mail"),
        ({"holder": HOLDER, "otpContact": '"a5"<z5@y.fr>'}, "adresse e-mail"),
        ({"holder": HOLDER | {"email": "josé8@exemple.fr"}}, "lettre accentuée"),
        ({"holder": HOLDER | {"email": "camille@localhost"}}, "adresse e-mail"),
    ],
)
def test_an_address_that_mail_cannot_have_is_refused_at_once(machine: Machine, body: Any, said: str) -> None:
    status, told = machine.call("POST", ORDERS, body)
    assert (status, told["errorLabel"]) == (422, "ERROR_FORMAT")
    assert said in told["errorMsg"]


def test_a_code_alone_goes_to_no_such_address(machine: Machine) -> None:
    assert machine.call("POST", "/otp/send", {"contact": "z1@x.fr,z2@y.fr"})[0] == 422


@pytest.mark.parametrize("path", ["/otp/send", "/otp/authenticate"])
@pytest.mark.parametrize("contact", ["+33140000000", "01 40 00 00 00", "+999999999999", "0000", "+3361111114"])
def test_a_number_as_it_is_described_that_no_code_can_go_to(machine: Machine, path: str, contact: str) -> None:
    """A land line, a country that is none, a length that is none: 409, for the body is as the description has it."""
    status, told = machine.call("POST", path, {"contact": contact, "otp": "123456"})
    assert (status, told["errorLabel"]) == (409, "ERROR_OTP_CONTACT")
    assert machine.call("POST", path, {"contact": "personne", "otp": "123456"})[0] == 422


def test_where_the_policy_lets_no_code_go_none_goes(machine: Machine) -> None:
    Policy.objects.update(countries="BE")
    status, told = machine.call("POST", "/otp/send", {"contact": "+33611111142"})
    assert (status, told["errorLabel"]) == (409, "ERROR_OTP_CONTACT")
    assert "pays admis : BE" in told["errorMsg"]


def test_a_member_that_nobody_knows_may_hold_anything(machine: Machine) -> None:
    """certsign-api.md: unknown members are ignored; a NUL, which PostgreSQL does not hold, is refused in the others."""
    body = {"holder": HOLDER, "remarque": "\0"}
    assert machine.call("POST", ORDERS, body)[0] == 200
    assert machine.call("POST", ORDERS, body | {"otpContact": "\0"})[0] == 422


@pytest.mark.parametrize("asked", ["+33611119901", " 33611119901", "33611119901", "33 6 11 11 99 01"])
def test_a_plus_that_was_lost_on_the_way_is_put_back(machine: Machine, asked: str) -> None:
    """`?mobile=+33…` arrives as a blank and digits: public libraries do not encode it."""
    number = machine.order({"mobile": "+33611119901"})
    machine.order({"mobile": "+33611119902"})
    found = machine.call("GET", f"{ORDERS}/search", mobile=asked)[1]
    assert [each["orderRequestId"] for each in found] == [number]


@pytest.mark.parametrize(
    ("country", "written", "kept"),
    [
        ("FR", "33611111147", "+33611111147"),
        ("BE", "33611111147", "+33611111147"),
        ("LU", "621123456", "+352621123456"),
        ("US", "2125550123", "+12125550123"),
    ],
)
def test_digits_alone_are_a_number_of_the_country_or_an_international_one(
    machine: Machine, country: str, written: str, kept: str
) -> None:
    number = machine.order({"country": country, "mobile": written}, enableOtp=True)
    row = Order.objects.get(pk=number)
    assert (row.mobile, row.channel, row.contact) == (kept, "sms", kept)


def test_documents_may_name_their_order_instead_of_the_query(machine: Machine) -> None:
    number, other = machine.order(externalOrderRequestId="E-9"), machine.order()
    one, two = (document(sound.contract(1), externalSignatureRequestId=each) for each in "AB")
    status, told = machine.call("POST", ADD, [one | {"orderRequestId": int(number)}, two])
    assert (status, [each["orderRequestId"] for each in told]) == (200, [number, number])
    assert machine.call("POST", ADD, [one | {"externalOrderRequestId": "E-9"}])[0] == 200
    assert machine.call("POST", ADD, [one | {"orderRequestId": number}, two | {"orderRequestId": other}])[0] == 422
    assert machine.call("POST", ADD, [one])[0] == 404


def test_documents_are_searched_by_every_word(machine: Machine) -> None:
    """CertSign's example of a search has CREATED; a word that is none finds none."""
    number = machine.order()
    machine.call("POST", ADD, [document(sound.contract(1))], orderRequestId=number)
    found = {
        word: len(machine.call("GET", f"{ADD}/search", orderRequestId=number, status=word)[1])
        for word in ("", "CREATED", "SIGN_CREATED", "SIGNED", "NOTHING")
    }
    assert found == {"": 1, "CREATED": 1, "SIGN_CREATED": 1, "SIGNED": 0, "NOTHING": 0}


def test_a_long_address_of_a_call_back_counts_only_where_one_is_asked_for(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signing.backend.api.waiting.while_any", lambda *_a, **_k: None)
    number = machine.order()
    Order.objects.get(pk=number).client.__class__.objects.update(callback_hosts="x.fr")
    machine.call("POST", ADD, [document(sound.contract(1))], orderRequestId=number)
    url = "https://x.fr/" + "a" * 2000
    status, told = machine.call("POST", SIGN, orderRequestId=number, mode="ASYNC", asyncPostUrl=url)
    assert (status, told["errorLabel"]) == (422, "ERROR_ASYNC_URL")
    assert machine.call("POST", SIGN, orderRequestId=number, mode="SYNC", asyncPostUrl=url)[0] == 200


def test_what_a_line_needs_is_described() -> None:
    line = api.get_openapi_schema(path_prefix="")["components"]["schemas"]["Line"]
    assert line["required"] == ["lineContent"]
