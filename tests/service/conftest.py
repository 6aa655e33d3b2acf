"""The service in this process: a client of its own, known by the certificate that nginx would hand over."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client as Http
from pytest_django.fixtures import Settings

from signing.clients import certificates
from tests.service.integrator import HOLDER
from tests.signing import walks
from tests.signing.clients import access, quick_keys

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "signing.backend.api.edge.Edge",
    "signing.backend.api.callers.Caller",
]


@pytest.fixture(scope="module", autouse=True)
def _quick_keys() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        quick_keys.use(patched)
        yield


@pytest.fixture
def pem(db: None, settings: Settings) -> str:
    """A certificate as nginx hands it over, of the client EXS; another client has an order with a document."""
    settings.ROOT_URLCONF, settings.MIDDLEWARE, settings.BEHIND_PROXY = "config.urls_service", MIDDLEWARE, True
    made = certificates.make(walks.a_client(), access.authority(walks.now()), at=walks.now())
    return quote(made.certificate.decode())


class Machine:
    """Calls as an integrator's machine, of the client EXS."""

    def __init__(self, pem: str) -> None:
        self._headers = {"X-Client-Cert": pem}

    def raw(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        data = "" if body is None else json.dumps(body)
        address = f"{path}?{urlencode(query)}" if query else path
        return Http(headers=self._headers).generic(method, address, data, content_type="application/json")

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, Any]:
        """Status and what was answered."""
        answer = self.raw(method, path, body, **query)
        return answer.status_code, json.loads(answer.content) if answer.content else None

    def text(self, method: str, path: str, body: str) -> tuple[int, Any]:
        """The same with a body that `json` would not write."""
        answer = Http(headers=self._headers).generic(method, path, body, content_type="application/json")
        return answer.status_code, json.loads(answer.content)

    def order(self, holder: dict[str, Any] | None = None, **members: Any) -> str:
        """The id of an order just opened."""
        status, told = self.call("POST", "/ephemeral/orders", {"holder": HOLDER | (holder or {}), **members})
        assert status == 200, told
        return str(told["orderRequestId"])


@pytest.fixture
def machine(pem: str) -> Machine:
    return Machine(pem)
