"""What is answered after the last try, and to a call that has lost against another (certsign-api.md, Errors)."""

from pathlib import Path

import pytest
from django.db.models import QuerySet

from otp.models import Policy
from signing.backend import bare, orders
from signing.backend.models import Order
from tests.backend.bare_orders import MACHINE, SERVICE
from tests.evidence import pki
from tests.pdfs import sound
from tests.service.conftest import Machine
from tests.service.integrator import document
from tests.signing import walks

ADD, VALIDATE = "/ephemeral/trigger/signatures", "/ephemeral/trigger/signatures/validate"
SIGN = "/ephemeral/trigger/signatures/sign"
NO_TRIES = (409, "ERROR_NBR_ESSAI")


@pytest.fixture(autouse=True)
def _worker(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a call waits for is done at once."""
    pki.hold()
    monkeypatch.setattr("signing.backend.api.waiting.while_any", lambda *_a, **_k: walks.work(kinds=SERVICE))


@pytest.fixture
def coded(machine: Machine) -> str:
    """An order whose code was sent; two wrong ones end it, one ends a code."""
    Policy.objects.update(cooldown_seconds=0, tries=1, failures_to_lock=2)
    number = machine.order(otpContact="camille@exemple.fr", enableOtp=True)
    assert machine.call("POST", ADD, [document(sound.contract(1))], orderRequestId=number)[0] == 200
    assert machine.call("POST", VALIDATE, orderRequestId=number)[0] == 200
    return number


def said(machine: Machine, path: str, number: str, **query: str) -> tuple[int, str]:
    status, told = machine.call("POST", path, orderRequestId=number, **query)
    return status, told["errorLabel"] if isinstance(told, dict) else ""


def test_no_tries_left_is_said_again(machine: Machine, coded: str) -> None:
    """A client that lost the answer asks again, and is told the same: of the code, then of the order."""
    for _ in range(3):
        assert said(machine, SIGN, coded, otp="no code") == NO_TRIES
    assert said(machine, VALIDATE, coded) == (200, "")
    for _ in range(3):
        assert said(machine, SIGN, coded, otp="no code") == NO_TRIES
    assert said(machine, VALIDATE, coded) == NO_TRIES
    assert said(machine, ADD, coded) == (422, "ERROR_FORMAT")


def test_a_wrong_code_typed_while_another_ends_the_order_is_told_the_same(
    machine: Machine, coded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both read the order before either was judged."""
    Policy.objects.update(tries=5, failures_to_lock=1)
    judge = orders.judge

    def beaten(order: Order, typed: str, **named: object) -> None:
        monkeypatch.setattr(orders, "judge", judge)
        assert said(machine, SIGN, coded, otp="no code") == NO_TRIES
        judge(order, typed, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(orders, "judge", beaten)
    assert said(machine, SIGN, coded, otp="no code") == NO_TRIES


@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
def test_validate_that_loses_against_the_end_of_the_order_is_told_so(
    machine: Machine, coded: str, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    order = Order.objects.get(pk=coded)

    def ended(_rows: QuerySet[Order], *, seconds: float) -> None:
        if method == "DELETE":
            bare.delete(order=order, actor=MACHINE, at=walks.now())
        else:
            bare.refuse(request=order.requests.get(), actor=MACHINE, at=walks.now())

    monkeypatch.setattr("signing.backend.api.waiting.while_any", ended)
    assert said(machine, VALIDATE, coded) == (409, "ERROR_STATE")
