"""What calls carry, taken apart: JSON, and the base64 in it. Documents come that way, megabytes at once.

pydantic's own parser and decoder need a small part of the time of the standard library's, during which no other thread
of the process goes on. What they do not take is left to the standard library, whose word is the last.
"""

import base64
import binascii
import json
from http import HTTPStatus
from typing import Any, cast

import pydantic_core
from django.http import HttpRequest
from ninja.parser import Parser
from pydantic import ConfigDict, TypeAdapter, ValidationError

from signing.backend.api.errors import Label, Refused

_BASE64 = TypeAdapter(bytes, config=ConfigDict(val_json_bytes="base64"))
_OTHER_ALPHABET = ("-", "_")
"""Of RFC 4648, section 5, which pydantic takes as well."""


class JsonParser(Parser):
    """Bodies of calls, for ninja."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """What the body says; raises ValueError where it is no JSON."""
        return cast("dict[str, Any]", parsed(request.body))


def parsed(body: bytes) -> Any:
    """The value that a JSON text stands for (RFC 8259, which has no NaN); raises ValueError, RecursionError.

    A number past the largest float is infinite: whoever judges a member refuses that (`loose`).
    """
    try:
        return pydantic_core.from_json(body, allow_inf_nan=False)
    except ValueError:
        return json.loads(body, parse_constant=_no_number)


def _no_number(word: str) -> None:
    raise ValueError(word)


def decoded(text: str, *, name: str) -> bytes:
    """Base64, with or without line breaks and padding (RFC 4648, section 4); raises `Refused` (422)."""
    try:
        if not any(sign in text for sign in _OTHER_ALPHABET):
            return _BASE64.validate_strings(text)
    except ValidationError:  # line breaks, or none at all
        pass
    packed = "".join(text.split()).rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        sentence = f"{name} n'est pas du base64."
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, sentence) from error
