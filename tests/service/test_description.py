"""The OpenAPI description: every label in it, and schemathesis calling the service as it says (issue 4)."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from signing.backend.api.errors import Label
from signing.backend.api.service import api
from signing.engine import refusals
from tests.service.conftest import Machine
from tests.service.integrator import Integrator
from tests.stack import Stack

LEFT_OUT = {
    "positive_data_acceptance": "the calls refuse what the domain does: an address that is none, a state that is past",
    "negative_data_rejection": "CertSign's calls take unknown members, numbers for strings and strings for numbers",
}
EXAMPLES = "8"


def test_every_label_and_call_is_described(stack: Stack) -> None:
    with Integrator(stack) as integrator:
        described = integrator.ok("GET", "/openapi.json")
    labels = described["components"]["schemas"]["Error"]["properties"]["errorLabel"]["enum"]
    assert set(labels) == {*Label, *(f"ERROR_{each}" for each in refusals.Label)}
    for path, item in described["paths"].items():
        for method, operation in item.items():
            assert operation["operationId"], (method, path)
            assert {"401", "404", "422"} <= set(operation["responses"]), (method, path)


def described() -> dict[str, Any]:
    """As it is sent: JSON has no numbers for names."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    return found


def test_the_description_is_one_of_openapi() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(described()).iter_errors()] == []


FORMATS = {"email", "uri", "date-time", "uuid"}
"""Of JSON Schema (Validation, 7.3), what is used here: a generator knows no other."""


def _schemas(told: Any) -> Iterator[dict[str, Any]]:
    if isinstance(told, list):
        for each in told:
            yield from _schemas(each)
    elif isinstance(told, dict):
        yield told
        for each in told.values():
            yield from _schemas(each)


def test_whatever_is_described_can_be_generated_by_whom_we_told_nothing() -> None:
    """Issue 4, schemathesis: no format of our own; of countries and contacts what they are."""
    assert {each["format"] for each in _schemas(described()) if isinstance(each.get("format"), str)} <= FORMATS
    schemas = described()["components"]["schemas"]
    for name in ("Send", "Authenticate"):
        members = schemas[name]["properties"]
        assert {"FR", "BE", "RE", "XK"} <= set(members["country"]["anyOf"][0]["enum"])
        address, *others = members["contact"]["anyOf"]
        numbers = [each for each in others if each["type"] == "string"]
        assert address == {"type": "string", "format": "email", "maxLength": 254}
        written = ("+33611111142", "06 11 11 11 42", "(0)6-11.11/11 42", "+3361111114a", "12", "personne")
        valid = [any(re.search(each["pattern"], number) for each in numbers) for number in written]
        assert valid == [True, True, True, False, False, False]


def test_links_lead_to_calls_that_are_described() -> None:
    """From an order to what is done with it, from a code that was sent to its judgement."""
    told = described()["paths"].values()
    calls = {operation["operationId"] for item in told for operation in item.values()}
    linked = {link["operationId"] for each in _schemas([*told]) for link in each.get("links", {}).values()}
    assert linked <= calls
    assert {"verifyOtp", "authenticateOtp", "getOrderStatus", "getSignatureRequestStatus"} <= linked


def test_each_client_is_told_its_own_code(machine: Machine) -> None:
    """With any other every call is a 403 and shows nothing; who has no certificate is told the form alone."""
    told = machine.call("GET", "/openapi.json")[1]
    asked = [each for each in _schemas(told["paths"]) if each.get("name") == "X-Client-Code"]
    assert len(asked) == sum(len(item) for item in told["paths"].values())
    assert all((each["schema"]["enum"], each["example"]) == (["EXS"], "EXS") for each in asked)
    assert not any("enum" in each["schema"] for each in _schemas(described()) if each.get("name") == "X-Client-Code")


def test_headers_of_calls_and_answers_are_described() -> None:
    """X-Client-Code of every call, Allow of 405, Retry-After of what may be called again, what was found in PDFs."""
    for item in described()["paths"].values():
        for operation in item.values():
            assert ("header", "X-Client-Code") in [(each["in"], each["name"]) for each in operation["parameters"]]
            headers = {status: set(each.get("headers", ())) for status, each in operation["responses"].items()}
            assert headers["405"] == {"Allow"}
            assert headers["503"] == headers.get("429", {"Retry-After"}) == {"Retry-After"}
            adds = operation["operationId"].startswith("create") and "Signature" in operation["operationId"]
            assert headers.get("200", set()) == ({"X-Document-Checks"} if adds else set())


def test_the_call_back_is_described_where_one_is_asked_for() -> None:
    """Of which headers and body it is, `tests/backend/test_callbacks.py` compares with what is posted."""
    asking = {
        operation["operationId"]: operation.get("callbacks")
        for item in described()["paths"].values()
        for operation in item.values()
        if "asyncPostUrl" in [each["name"] for each in operation["parameters"]] or "callbacks" in operation
    }
    assert set(asking) == {"signEphemeralOrderRequest", "signTriggeredEphemeralOrderRequest"}
    for told in asking.values():
        post = told["finalStatuses"]["{$request.query.asyncPostUrl}"]["post"]
        assert "after 10 s" in post["responses"]["default"]["description"]
        assert "4 h at most, until 24 h" in post["responses"]["default"]["description"]
        assert "2XX" in post["responses"]


def called(stack: Stack, folder: Path, *arguments: str) -> str:
    """What schemathesis says that has called the service over TLS, with the sandbox client's certificate.

    As anybody's would: what it is told of the service is what the service describes of itself.
    """
    client = stack.state / "sandbox" / "client"
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("schemathesis"), "run"),
            f"https://localhost:{stack.service_port}/openapi.json",
            *("--tls-verify", stack.state / "sandbox" / "tls-root.crt"),
            *("--request-cert", client.with_suffix(".crt"), "--request-cert-key", client.with_suffix(".key")),
            *("--generation-deterministic", "--warnings", "off", "--no-color", *arguments),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def test_schemathesis_finds_nothing(stack: Stack, tmp_path: Path) -> None:
    """Stateful; each exclusion has its reason."""
    left_out = ("--exclude-checks", ",".join(LEFT_OUT))
    assert "Stateful (in" in called(stack, tmp_path, "--checks", "all", *left_out, "--max-examples", EXAMPLES)


def test_our_own_calls_take_what_is_described_and_nothing_else(stack: Stack, tmp_path: Path) -> None:
    """Issue 4: the two checks are left out on CertSign's calls, and on no others."""
    checks = ("--include-path-regex", "^/otp/", "--checks", ",".join(LEFT_OUT))
    said = called(stack, tmp_path, *checks, "--max-examples", "12")
    assert "Selected: 3/" in said, said
    assert "Stateful (in" in said, said


@pytest.mark.parametrize("path", ["/docs", "/openapi.json/x"])
def test_nothing_else_describes_it(stack: Stack, path: str) -> None:
    with Integrator(stack) as integrator:
        assert integrator.call("GET", path).status_code == 404
