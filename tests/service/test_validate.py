"""`validate` and codes on orders that were opened without one (docs/service.md, How an order goes)."""

from pathlib import Path

import pytest

from otp.models import Message, Policy
from signing.backend.models import Order
from tests.backend.bare_orders import SERVICE
from tests.evidence import pki
from tests.pdfs import sound
from tests.service.conftest import Machine
from tests.service.integrator import document
from tests.signing import walks

ADD, VALIDATE = "/ephemeral/trigger/signatures", "/ephemeral/trigger/signatures/validate"
SIGN, SIGN_TRIGGERED = "/ephemeral/signatures/sign", "/ephemeral/trigger/signatures/sign"


@pytest.fixture(autouse=True)
def _worker(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a call waits for is done at once."""
    pki.hold()
    monkeypatch.setattr("signing.backend.api.waiting.while_any", lambda *_a, **_k: walks.work(kinds=SERVICE))


def without_code(machine: Machine) -> str:
    """An order without enableOtp, with a document."""
    number = machine.order(otpContact="camille@exemple.fr")
    assert machine.call("POST", ADD, [document(sound.contract(1))], orderRequestId=number)[0] == 200
    return number


@pytest.mark.parametrize("path", [SIGN, SIGN_TRIGGERED])
def test_an_order_whose_code_was_sent_asks_for_it(machine: Machine, path: str) -> None:
    """certsign-api.md: validate sends the OTP; enableOtp is false where absent."""
    number = without_code(machine)
    status, told = machine.call("POST", VALIDATE, {}, orderRequestId=number)
    assert (status, told[0]["status"]) == (200, "SIGN_AWAITING_VALIDATION")
    status, told = machine.call("POST", path, {}, orderRequestId=number)
    assert (status, told["errorLabel"]) == (409, "ERROR_OTP_REQUIRED")
    status, told = machine.call("POST", path, {}, orderRequestId=number, otp=walks.newest_code())
    assert (status, told[0]["status"]) == (200, "SIGNED")


def test_nothing_is_sent_where_the_policy_lets_no_code_go(machine: Machine) -> None:
    """An order with enableOtp is refused when it is opened; this one when its code is asked for."""
    number = machine.order({"mobile": "+32470123456"})
    Policy.objects.update(countries="FR")
    status, told = machine.call("POST", VALIDATE, {}, orderRequestId=number)
    assert (status, told["errorLabel"]) == (422, "ERROR_FORMAT")
    assert not Message.objects.exists()
    assert not Order.objects.get(pk=number).otp


@pytest.mark.parametrize("path", [SIGN, SIGN_TRIGGERED])
def test_a_code_that_was_never_sent_signs_nothing(machine: Machine, path: str) -> None:
    """certsign-api.md, ERROR_CODE_KO: the code was never sent. A blank one is none."""
    number = without_code(machine)
    status, told = machine.call("POST", path, {}, orderRequestId=number, otp="042117")
    assert (status, told["errorLabel"]) == (409, "ERROR_CODE_KO")
    assert Order.objects.get(pk=number).status == "CREATED"
    status, told = machine.call("POST", path, {}, orderRequestId=number, otp=" ")
    assert (status, told[0]["status"]) == (200, "SIGNED")
