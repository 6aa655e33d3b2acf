"""Who reaches what of the service: each URL and method, for who may not (reliability.md, other client’s data)."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Http
from django.urls import URLPattern, get_resolver

from signing.backend.api.service import api
from signing.backend.models import Challenge, Order, SignatureRequest
from signing.clients.models import AccessCertificate, Client
from tests.signing import walks

CONTACT = "autre@exemple.fr"
OF_ORDER, OF_REQUEST = "orderRequestId={order}", "id={request}"
ROWS: dict[tuple[str, str], tuple[str | None, Any]] = {
    ("GET", "/health/live"): (None, None),
    ("POST", "/ephemeral/orders"): (None, {"holder": {}}),
    ("GET", "/ephemeral/orders"): ("id={order}", None),
    ("DELETE", "/ephemeral/orders"): ("id={order}", None),
    ("GET", "/ephemeral/orders/search"): (None, None),
    ("POST", "/ephemeral/signatures"): (OF_ORDER, [{"toSignContent": "AAAA"}]),
    ("GET", "/ephemeral/signatures"): (OF_REQUEST, None),
    ("PATCH", "/ephemeral/signatures"): (OF_REQUEST, {"status": "REFUSED"}),
    ("GET", "/ephemeral/signatures/search"): (OF_ORDER, None),
    ("POST", "/ephemeral/signatures/sign"): (OF_ORDER, {}),
    ("POST", "/ephemeral/trigger/signatures"): (OF_ORDER, [{"toSignContent": "AAAA"}]),
    ("POST", "/ephemeral/trigger/signatures/validate"): (OF_ORDER, {}),
    ("POST", "/ephemeral/trigger/signatures/sign"): (OF_ORDER, {}),
    ("POST", "/otp/send"): (None, {"contact": "x"}),
    ("POST", "/otp/verify"): ("", {"otpId": "{challenge}", "otp": "123456"}),
    ("POST", "/otp/authenticate"): ("", {"contact": CONTACT, "otp": "123456"}),
    ("GET", "/openapi.json"): (None, None),
}
"""Every call of the service: the query that names an object of a client (None: it names none), and a body."""


@pytest.fixture
def foreign(pem: str) -> dict[str, int]:
    """Ids of what belongs to another client."""
    from evidence import trail  # noqa: PLC0415 - needed here only

    at = walks.now()
    other = Client.objects.create(code="AUT", name="Autre", policy=Client.objects.get().policy, created_at=at)
    order = Order.objects.create(
        client=other,
        signer="other",
        bare=True,
        trail=trail.open_trail(tenant=str(other.pk), reference="AUT-1", at=at),
        reference="AUT-1",
        otp=False,
        created_at=at,
    )
    request = SignatureRequest.objects.create(
        order=order, document="d", n=1, presented_sha256="0" * 64, presented_size=1, pages=1
    )
    challenge = Challenge.objects.create(
        client=other,
        owner=Challenge.owner_of(other, CONTACT),
        n=1,
        channel="email",
        contact=CONTACT,
        state=Challenge.State.SENT,
        due_at=at,
        created_at=at,
    )
    return {"order": order.pk, "request": request.pk, "challenge": challenge.pk}


def call(method: str, path: str, *, ids: Mapping[str, int | str] | None = None, **headers: str) -> tuple[int, Any]:
    query, body = ROWS[method, path]
    address = f"{path}?{query.format(**ids)}" if query and ids else path
    data = "" if body is None else json.dumps(body)
    if ids:
        data = data.replace("{challenge}", str(ids["challenge"]))
    answer = Http(headers=headers).generic(method, address, data, content_type="application/json")
    return answer.status_code, json.loads(answer.content) if answer.content else None


def test_every_url_has_a_row() -> None:
    """A new URL without a row fails."""
    described = {
        (method.upper(), path)
        for path, item in api.get_openapi_schema(path_prefix="")["paths"].items()
        for method in item
    }
    outside = {
        ("GET", f"/{pattern.pattern}")
        for pattern in get_resolver("config.urls_service").url_patterns
        if isinstance(pattern, URLPattern)
    }
    assert described | outside | {("GET", "/openapi.json")} == set(ROWS)


@pytest.mark.parametrize(("method", "path"), ROWS)
def test_nobody_without_a_certificate_of_this_client(method: str, path: str, pem: str) -> None:
    assert call(method, path)[0] == 401
    status, told = call(method, path, X_Client_Cert=pem, X_Client_Code="AUT")
    assert (status, told["errorLabel"]) == (403, "ERROR_CLIENT_CODE")


@pytest.mark.parametrize(("method", "path"), ROWS)
def test_nobody_from_another_network_or_with_a_certificate_that_has_ended(method: str, path: str, pem: str) -> None:
    Client.objects.update(networks="203.0.113.0/24")
    status, told = call(method, path, X_Client_Cert=pem)
    assert (status, told["errorLabel"]) == (403, "ERROR_NETWORK")
    Client.objects.update(networks="")
    AccessCertificate.objects.update(revoked_at=walks.now())
    assert call(method, path, X_Client_Cert=pem)[0] == 401
    ended = walks.now() - timedelta(days=1)
    AccessCertificate.objects.update(revoked_at=None, not_after=ended, not_before=ended - timedelta(days=1))
    assert call(method, path, X_Client_Cert=pem)[0] == 401


@pytest.mark.parametrize(("method", "path"), [row for row, (query, _) in ROWS.items() if query is not None])
def test_what_is_another_clients_is_not_found(method: str, path: str, pem: str, foreign: dict[str, int]) -> None:
    status, told = call(method, path, ids=foreign, X_Client_Cert=pem)
    unknown = call(method, path, ids=dict.fromkeys(foreign, 999_999), X_Client_Cert=pem)
    assert (status, told) == unknown
    assert status == 404


@pytest.mark.parametrize(("method", "path"), [row for row, (query, _) in ROWS.items() if query is not None])
@pytest.mark.parametrize("digits", [19, 20, 5000])
def test_an_id_of_many_digits_is_not_found(method: str, path: str, digits: int, pem: str, foreign: Any) -> None:
    """5000 digits are more than Python reads as a number."""
    assert call(method, path, ids=dict.fromkeys(foreign, "9" * digits), X_Client_Cert=pem)[0] == 404


def test_what_the_path_made_is_not_found(pem: str, foreign: dict[str, int]) -> None:
    """An order of the evidence path is its own client's, and still nothing that a machine may touch."""
    Order.objects.update(client=Client.objects.get(code="EXS"), bare=False)
    assert call("GET", "/ephemeral/orders", ids=foreign, X_Client_Cert=pem)[0] == 404
