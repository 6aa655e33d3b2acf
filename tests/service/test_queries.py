"""What a query says and leaves unsaid (certsign-api.md): blanks, numbers as they were written, profiles."""

from typing import Any

import pytest

from signing.backend.api.service import api
from tests.service.conftest import Machine


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
