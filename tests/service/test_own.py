"""Each call of the service reaches what is the caller's own: the row of the access matrix that says yes."""

from pathlib import Path

import pytest
from django.utils.timezone import now

from signing.backend import alone, bare
from signing.backend.models import Challenge, Order, SignatureRequest
from signing.clients.models import Client
from tests.backend.bare_orders import MACHINE, SERVICE, with_document
from tests.evidence import pki
from tests.pdfs import sound
from tests.service.conftest import Machine
from tests.service.integrator import HOLDER, document
from tests.service.test_access import ROWS
from tests.signing import walks

SIGNATURES, TRIGGER = "/ephemeral/signatures", "/ephemeral/trigger/signatures"
CONTACT = "seul@exemple.fr"


@pytest.fixture(autouse=True)
def _worker(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a call waits for is done at once."""
    pki.hold()
    monkeypatch.setattr("signing.backend.api.waiting.while_any", lambda *_a, **_k: walks.work(kinds=SERVICE))


def own_order(machine: Machine, folder: Path, *, otp: bool) -> tuple[Order, SignatureRequest]:
    number = machine.order(enableOtp=otp, otpContact="camille@exemple.fr" if otp else None)
    order = Order.objects.get(pk=number)
    return order, with_document(order, folder)


@pytest.mark.parametrize(("method", "path"), ROWS)
def test_what_is_the_callers_own_is_reached(method: str, path: str, machine: Machine, walk: Path) -> None:
    order, request = own_order(machine, walk, otp=path.startswith(TRIGGER))
    query = (ROWS[method, path][0] or "").format(order=order.pk, request=request.pk)
    body = ROWS[method, path][1]
    match path:
        case "/ephemeral/orders" if method == "POST":
            body = {"holder": HOLDER}
        case "/ephemeral/orders/search":
            query = "email=camille@exemple.fr"
        case _ if path in {SIGNATURES, TRIGGER} and method == "POST":
            body = [document(sound.terms())]
        case "/ephemeral/trigger/signatures/sign":
            bare.ask_code(order=order, actor=MACHINE, at=now())
            walks.work(kinds=SERVICE)
            query += f"&otp={walks.newest_code()}"
        case "/otp/send":
            body = {"contact": CONTACT}
        case "/otp/verify" | "/otp/authenticate":
            own = alone.ask(client=Client.objects.get(), wanted=alone.Wanted("email", CONTACT, "", None), at=now())
            walks.work(kinds=SERVICE)
            which = {"otpId": own.pk} if path == "/otp/verify" else {"contact": CONTACT}
            body = {**which, "otp": walks.newest_code()}
    status, told = machine.call(method, f"{path}?{query}" if query else path, body)
    assert status == (204 if method in {"DELETE", "PATCH"} else 200), told
    if told and "ephemeral" in path and body != {"holder": HOLDER}:
        assert {each["orderRequestId"] for each in (told if isinstance(told, list) else [told])} == {str(order.pk)}
    if path.endswith("/sign"):
        assert [each["status"] for each in told] == ["SIGNED"]
    if path in {"/otp/verify", "/otp/authenticate"}:
        assert Challenge.objects.get().state == Challenge.State.VERIFIED
