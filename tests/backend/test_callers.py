"""Who calls the service: reliability.md, "client authentication" and "forged headers"; stack facts, section 3."""

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from signing.backend.api import errors
from signing.backend.api.callers import Caller
from signing.clients import certificates
from signing.clients.models import Client
from tests.signing import walks
from tests.signing.clients import access, quick_keys


def named(request: HttpRequest) -> HttpResponse:
    """A view that says who calls."""
    caller: Client = request.caller  # type: ignore[attr-defined]  # put there by the middleware
    return JsonResponse({"caller": caller.code})


def answer(**headers: str) -> tuple[int, dict[str, str]]:
    response = Caller(named)(RequestFactory().get("/", headers=headers))
    return response.status_code, json.loads(response.content)


@pytest.fixture
def pem(db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The header nginx makes of a registered certificate."""
    quick_keys.use(monkeypatch)
    made = certificates.make(walks.a_client(), access.authority(walks.now()), at=walks.now())
    return quote(made.certificate.decode())


def test_behind_nginx_the_header_tells_who_calls(pem: str, settings: Settings) -> None:
    settings.BEHIND_PROXY = True

    assert answer(x_client_cert=pem) == (200, {"caller": "EXS"})


def test_without_nginx_the_header_is_anybodys(pem: str, settings: Settings) -> None:
    settings.BEHIND_PROXY = False

    status, told = answer(x_client_cert=pem)

    assert (status, told["errorLabel"]) == (401, "ERROR_CLIENT_CERTIFICATE")


@pytest.mark.parametrize("header", ["", "nothing", "%FF", quote("-----BEGIN CERTIFICATE-----\nAA\n-----END")])
def test_a_header_that_is_no_certificate_admits_nobody(db: None, settings: Settings, header: str) -> None:
    """nginx sends an empty one for who has none."""
    settings.BEHIND_PROXY = True

    status, told = answer(x_client_cert=header)

    assert (status, told["errorLabel"]) == (401, "ERROR_CLIENT_CERTIFICATE")
    assert told["errorMsg"].startswith("Aucun certificat")


@pytest.mark.parametrize(("code", "status"), [("EXS", 200), ("exs", 403), ("AUT", 403), ("", 403)])
def test_a_client_code_where_one_is_given_must_be_the_certificates(
    pem: str, settings: Settings, code: str, status: int
) -> None:
    """Issue 4, part 2: certificate, code and network, all must match."""
    settings.BEHIND_PROXY = True

    seen, told = answer(x_client_cert=pem, x_client_code=code)

    assert (seen, told.get("errorLabel")) == (status, None if status == 200 else "ERROR_CLIENT_CODE")


@pytest.mark.parametrize(("networks", "status"), [("127.0.0.0/8", 200), ("203.0.113.0/24", 403)])
def test_a_client_calls_from_its_networks(pem: str, settings: Settings, networks: str, status: int) -> None:
    settings.BEHIND_PROXY = True
    Client.objects.update(networks=networks)

    seen, told = answer(x_client_cert=pem)

    assert (seen, told.get("errorLabel")) == (status, None if status == 200 else "ERROR_NETWORK")


def test_a_database_that_is_gone_is_no_missing_certificate(
    pem: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """reliability.md, faults: database down: 503 with Retry-After."""

    def gone(*_arguments: object, **_keywords: object) -> None:
        raise OperationalError

    settings.BEHIND_PROXY = True
    monkeypatch.setattr("signing.backend.api.callers.certificates.client_of", gone)

    response = Caller(named)(RequestFactory().get("/", headers={"x-client-cert": pem}))

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert json.loads(response.content)["errorLabel"] == "ERROR_UNAVAILABLE"


@pytest.mark.parametrize(
    ("made", "status", "label"),
    [
        (lambda request: errors.bad_request(request, ValueError()), 400, "ERROR_BAD_REQUEST"),
        (lambda request: errors.forbidden(request, ValueError()), 403, "ERROR_FORBIDDEN"),
        (lambda request: errors.not_found_page(request, ValueError()), 404, "ERROR_NOT_FOUND"),
        (errors.failed, 500, "ERROR_INTERNAL"),
    ],
)
def test_every_refusal_is_json(made: Callable[[HttpRequest], HttpResponse], status: int, label: str) -> None:
    """certsign-api.md, Errors; Transport: nothing ever answers HTML."""
    response = made(RequestFactory().get("/"))

    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    told = json.loads(response.content)
    assert told["errorLabel"] == label
    assert told["errorMsg"]
