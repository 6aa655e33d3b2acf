"""The OpenAPI description as a page that people read: every call, its members, examples, statuses and labels."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signing.backend.api import labels
from signing.backend.api.service import api

MOST_CHOICES = 60  # all fonts are shown, all countries not


@dataclass(frozen=True)
class Member:
    """A member of a body, or a parameter of the query."""

    name: str
    kind: str
    required: bool
    said: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Post:
    """A call-back, and what its receiver's answers mean."""

    address: str
    said: str
    headers: tuple[Member, ...]
    example: str
    taken: str
    other: str


@dataclass(frozen=True)
class Call:
    """One call as the page shows it."""

    id: str
    method: str
    path: str
    said: str
    query: tuple[Member, ...]
    body: tuple[Member, ...]
    example: str
    answer: str
    statuses: tuple[str, ...]
    posts: tuple[Post, ...]


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """The page."""
    description = api.get_openapi_schema(path_prefix="")
    context = {
        "calls": list(_calls(description)),
        "labels": labels.meanings(),
        "operator": settings.OPERATOR["name"],
        "service": f"https://{request.get_host().partition(':')[0]}:{settings.SERVICE_PORT}",
    }
    return render(request, "service/reference.html", context)


@require_safe
def description(_request: HttpRequest) -> JsonResponse:
    """The same for tools, on the people's listener: no certificate is needed to read it."""
    return JsonResponse(api.get_openapi_schema(path_prefix=""), json_dumps_params={"ensure_ascii": False})


def _calls(described: dict[str, Any]) -> Iterator[Call]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            answered = operation["responses"]
            well = next((str(status) for status in answered if str(status).startswith("2")), "")
            good = answered.get(well) or answered.get(int(well or 0)) or {}
            answer = good.get("content", {}).get("application/json", {})
            yield Call(
                id=operation["operationId"],
                method=method.upper(),
                path=path,
                said=operation.get("description", operation.get("summary", "")),
                query=tuple(_parameter(each, described) for each in operation.get("parameters", ())),
                body=tuple(_members(body.get("schema", {}), described)),
                example=_shown(body.get("example")),
                answer=_shown(answer.get("example")),
                statuses=tuple(sorted(map(str, answered))),
                posts=tuple(_posts(operation, described)),
            )


def _parameter(given: dict[str, Any], described: dict[str, Any]) -> Member:
    schema = _resolved(given["schema"], described)
    said = given.get("description") or schema.get("description", "")
    kind = _kind(schema, described) + (" (en-tête)" if given["in"] == "header" else "")
    return Member(given["name"], kind, bool(given.get("required")), said, _choices(schema))


def _posts(operation: dict[str, Any], described: dict[str, Any]) -> Iterator[Post]:
    """What the service itself posts afterwards."""
    for item in operation.get("callbacks", {}).values():
        for address, methods in item.items():
            call = methods["post"]
            taken, other = (call["responses"][each]["description"] for each in ("2XX", "default"))
            headers = tuple(_parameter(each, described) for each in call["parameters"])
            example = call["requestBody"]["content"]["application/json"]["example"]
            yield Post(address, call["description"], headers, _shown(example), taken, other)


def _members(schema: dict[str, Any], described: dict[str, Any], *, above: str = "") -> Iterator[Member]:
    """Every member, those of objects within under dotted names; of a list, those of its elements."""
    found = _resolved(schema, described)
    if found.get("type") == "array":
        yield from _members(found["items"], described, above=f"{above}[]")
        return
    for name, inner in found.get("properties", {}).items():
        place = f"{above}.{name}" if above else name
        resolved = _resolved(inner, described)
        said = inner.get("description") or resolved.get("description", "")
        required = name in found.get("required", ())
        yield Member(place, _kind(resolved, described), required, said, _choices(resolved))
        if "properties" in resolved or resolved.get("type") == "array":
            yield from _members(resolved, described, above=place)


def _resolved(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """A schema without references, and without null beside it, which is the same as absent."""
    for one in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        if one.get("type") != "null":
            return _resolved(one, described) | {key: value for key, value in schema.items() if key == "description"}
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        resolved: dict[str, Any] = _resolved(described["components"]["schemas"][name], described)
        return resolved
    return schema


def _kind(schema: dict[str, Any], described: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"[{_kind(_resolved(schema['items'], described), described)}]"
    return str(schema.get("type", "object"))


def _choices(schema: dict[str, Any]) -> tuple[str, ...]:
    """The words that are taken; none where they are so many (every country) that the description names the list."""
    constant = schema.get("const")
    words = (str(constant),) if constant is not None else tuple(map(str, schema.get("enum", ())))
    return words if len(words) <= MOST_CHOICES else ()


def _shown(example: Any) -> str:
    return "" if example is None else json.dumps(example, ensure_ascii=False, indent=2)
