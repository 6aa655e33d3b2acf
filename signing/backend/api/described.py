"""What the OpenAPI description says besides members and statuses: headers of calls and answers, and the call-back."""

from datetime import timedelta
from typing import Any

from signing.backend import outbox, posting
from signing.backend.api import answers, examples

Json = dict[str, Any]

_CLIENT_CODE: Json = {
    "name": "X-Client-Code",
    "in": "header",
    "required": False,
    "description": "ours: the client's code; where it is given it has to be the code of the certificate (else 403)",
    "schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,12}$"},
    "example": "EXS",
}
_RETRY_AFTER: Json = {
    "description": "seconds after which the call may be made again",
    "required": True,
    "schema": {"type": "integer", "minimum": 1},
    "example": 60,
}
_ALLOW: Json = {
    "description": "the methods that this path answers",
    "required": True,
    "schema": {"type": "string"},
    "example": "GET, POST, DELETE",
}
_CHECKS: Json = {
    "description": (
        "what was found in each document, in the order of the body: a JSON list of objects with `checks`, "
        "and `sha256` of the repaired version that is signed, where one was made"
    ),
    "required": True,
    "schema": {"type": "string"},
    "example": '[{"checks":["strict"]}]',
}
_OF_STATUS: dict[str, tuple[str, Json]] = {
    "405": ("Allow", _ALLOW),
    "429": ("Retry-After", _RETRY_AFTER),
    "503": ("Retry-After", _RETRY_AFTER),
}
_ADDING = frozenset({"createEphemeralSignatureRequest", "createTriggeredEphemeralSignatureRequest"})
_SIGNING = frozenset({"signEphemeralOrderRequest", "signTriggeredEphemeralOrderRequest"})


def complete(description: Json) -> None:
    """Add them to an OpenAPI description, in place."""
    for item in description["paths"].values():
        for operation in item.values():
            _complete(operation)


def of_client(description: Json, code: str) -> None:
    """Say in a complete description, in place, which X-Client-Code a client may send: its own and no other."""
    for item in description["paths"].values():
        for operation in item.values():
            for each in operation["parameters"]:
                if (each["in"], each["name"]) == ("header", _CLIENT_CODE["name"]):
                    each |= {"schema": {"type": "string", "enum": [code]}, "example": code}


def _complete(operation: Json) -> None:
    for each in operation["parameters"]:
        each.pop("examples", None)  # a list of the schema's, which keeps it; here OpenAPI would have an object
    operation["parameters"].append(dict(_CLIENT_CODE))
    answered = {str(status): answer for status, answer in operation["responses"].items()}
    for status, (name, header) in _OF_STATUS.items():
        if status in answered:
            answered[status]["headers"] = {name: header}
    if operation["operationId"] in _ADDING:
        answered["200"]["headers"] = {answers.CHECKS: _CHECKS}
    if operation["operationId"] in _SIGNING:
        operation["callbacks"] = {"finalStatuses": {"{$request.query.asyncPostUrl}": {"post": call_back()}}}


def call_back() -> Json:
    """The POST that `mode=ASYNC` with an asyncPostUrl is followed by (callbacks.py, outbox.py, posting.py)."""
    statuses = {"type": "array", "items": {"$ref": "#/components/schemas/RequestAnswer"}}
    body = {"schema": statuses, "example": examples.ANSWERS["signEphemeralOrderRequest"]}
    return {
        "operationId": "finalStatuses",
        "summary": "The final statuses of an order's documents",
        "description": (
            "Posted at the order's end, whatever that is, where mode=ASYNC named an address; "
            "signed as Standard Webhooks has it. No redirect is followed, nothing of the answer is read but its status."
        ),
        "parameters": [
            _header("webhook-id", "the same over all attempts: who has it already may pass over it", "uuid"),
            _header("webhook-timestamp", "of this attempt, seconds since 1970", pattern="^[0-9]+$"),
            _header(
                "webhook-signature",
                "`v1,` and the base64 of HMAC-SHA-256 over `webhook-id.webhook-timestamp.body`; "
                "the key is the client's secret (`whsec_` and the key in base64)",
                pattern="^v1,[A-Za-z0-9+/]{43}=$",
            ),
        ],
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": {
            "2XX": {"description": f"Taken, if it comes within {posting.LONGEST_SECONDS:.0f} s; not posted again."},
            "default": {"description": _retries()},
        },
    }


def _retries() -> str:
    first, longest, life = outbox.FIRST_RETRY, outbox.LONGEST_RETRY, outbox.LIFE
    return (
        f"Not taken, as is no answer at all: posted again after {first.seconds} s, then three times as long each time, "
        f"{_hours(longest)} at most, until {_hours(life)} after the first; then the operator may have it posted again."
    )


def _hours(span: timedelta) -> str:
    return f"{span // timedelta(hours=1)} h"


def _header(name: str, said: str, form: str | None = None, *, pattern: str | None = None) -> Json:
    schema = {"type": "string", "format": form, "pattern": pattern}
    schema = {key: value for key, value in schema.items() if value is not None}
    return {"name": name, "in": "header", "required": True, "description": said, "schema": schema}
