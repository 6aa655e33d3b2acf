"""The page on which people read the service's description: everything of it is there (issue, part 1)."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from signing.backend.api import examples, labels
from signing.backend.api.errors import Label
from signing.backend.api.service import api
from signing.engine import refusals
from tests.stack import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page


def operations() -> list[dict[str, Any]]:
    return [each for item in api.get_openapi_schema(path_prefix="")["paths"].values() for each in item.values()]


def test_every_call_member_status_and_label_is_on_the_page() -> None:
    page = Client().get("/service/", secure=True).content.decode()
    for path, item in api.get_openapi_schema(path_prefix="")["paths"].items():
        for method, operation in item.items():
            assert f'id="{operation["operationId"]}"' in page
            assert f'{method.upper()}</span> <span class="path">{path}' in page
            for each in operation.get("parameters", ()):
                assert f"<code>{each['name']}</code>" in page
    for name in ("holder.firstname", "[].pdfSignatureOptions.linesOptions[].lineFont", "[].toSignContent", "otpId"):
        assert f"<code>{name}</code>" in page
    for label in (*Label, *(f"ERROR_{each}" for each in refusals.Label)):
        assert f"<code>{label}</code>" in page
    assert "Courier_Bold_Oblique_not_archived" in page
    assert "{limit}" not in page
    assert "{$request.query.asyncPostUrl}" in page
    for name in ("X-Client-Code", "webhook-signature"):
        assert f"<code>{name}</code>" in page
    assert "posted again after 10 s" in page


def test_every_call_has_an_example_that_it_takes() -> None:
    """The body is read by the call's own schema; only calls without a body or an answer have none."""
    for operation in operations():
        body = operation.get("requestBody")
        assert (operation["operationId"] in examples.BODIES) == bool(body), operation["operationId"]
        assert (operation["operationId"] in examples.ANSWERS) == ("204" not in map(str, operation["responses"]))
    for path_view in api._routers:
        for view in path_view[1].path_operations.values():
            for each in view.operations:
                given = examples.BODIES.get(str(each.operation_id))
                for model in each.models:
                    if model.__ninja_param_source__ == "body" and given is not None:
                        (name,) = model.model_fields
                        model.model_validate({name: given})


def test_every_label_has_a_meaning() -> None:
    told = labels.meanings()
    assert len({each.label for each in told}) == len(told) == len(Label) + len(refusals.Label)
    assert all(each.french.endswith((".", "».", ").")) for each in told)


def test_tools_read_it_without_a_certificate() -> None:
    told = json.loads(Client().get("/service/openapi.json", secure=True).content)
    assert told["paths"]["/otp/send"]["post"]["requestBody"]["content"]["application/json"]["example"]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_readable_on_every_screen(stack: Stack, page: "Page", width: int, tmp_path: "Path") -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"https://localhost:{stack.https_port}/service/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=tmp_path / f"reference-{width}.png")
    page.locator("#createEphemeralOrder").scroll_into_view_if_needed()
    page.screenshot(path=tmp_path / f"call-{width}.png")
