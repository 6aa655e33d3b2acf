"""The OpenAPI description: every label in it, and schemathesis calling the service as it says (issue 4)."""

import subprocess
import sys
from pathlib import Path

import pytest

from signing.backend.api.errors import Label
from signing.engine import refusals
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


def test_schemathesis_finds_nothing(stack: Stack, tmp_path: Path) -> None:
    """Stateful, over TLS, with the sandbox client's certificate; each exclusion has its reason."""
    client = stack.state / "sandbox" / "client"
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("schemathesis"), "run"),
            f"https://localhost:{stack.service_port}/openapi.json",
            *("--tls-verify", stack.state / "sandbox" / "tls-root.crt"),
            *("--request-cert", client.with_suffix(".crt"), "--request-cert-key", client.with_suffix(".key")),
            *("--checks", "all", "--exclude-checks", ",".join(LEFT_OUT)),
            *("--max-examples", EXAMPLES, "--generation-deterministic", "--warnings", "off", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert "Stateful (in" in done.stdout, done.stdout[-6000:]
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("path", ["/docs", "/openapi.json/x"])
def test_nothing_else_describes_it(stack: Stack, path: str) -> None:
    with Integrator(stack) as integrator:
        assert integrator.call("GET", path).status_code == 404
