"""What another CertSign answers, read strictly (certsign-api.md): an answer that says something else is none.

Ids are strings, whatever the other side sends. An answer is held against what was asked: one about another order or
document is no answer. Each reader raises `NoAnswer`.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from signing.engine import names
from signing.gateway.remote.troubles import NoAnswer, Trouble

LONGEST_WORD = 40


@dataclass(frozen=True)
class Placed:
    """An order as the other service has it: its id, and the word for where it stands."""

    id: str
    word: str


@dataclass(frozen=True)
class Answered:
    """A document as the other service has it; `content` only where it was asked for and is signed."""

    id: str
    external_id: str
    word: str
    reason: str
    content: bytes | None = None


def anything(_told: object) -> None:
    """Read nothing: a 204 says it all."""


def placed(external_id: str) -> Callable[[object], Placed]:
    """The order that was created or asked for under our id."""

    def read(told: object) -> Placed:
        if _text(told, "externalOrderRequestId") != external_id:
            raise NoAnswer(Trouble.OTHERS_ANSWER)
        return Placed(_text(told, "orderRequestId"), _text(told, "status")[:LONGEST_WORD])

    return read


def documents(order: Placed) -> Callable[[object], list[Answered]]:
    """The documents of an order, of no other."""

    def read(told: object) -> list[Answered]:
        if not isinstance(told, list):
            raise NoAnswer(Trouble.OTHER_SHAPE)
        if any(_text(each, "orderRequestId") != order.id for each in told):
            raise NoAnswer(Trouble.OTHERS_ANSWER)
        return [_answered(each) for each in told]

    return read


def added(order: Placed, external_id: str) -> Callable[[object], Answered]:
    """The one document that was just handed over."""

    def read(told: object) -> Answered:
        found = documents(order)(told)
        if [each.external_id for each in found] != [external_id]:
            raise NoAnswer(Trouble.OTHERS_ANSWER)
        return found[0]

    return read


def document(request_id: str, external_id: str) -> Callable[[object], Answered]:
    """The document that was asked for, under both its ids."""

    def read(told: object) -> Answered:
        found = _answered(told)
        if (found.id, found.external_id) != (request_id, external_id):
            raise NoAnswer(Trouble.OTHERS_ANSWER)
        return found

    return read


def of_this(order: Placed) -> Callable[[object], None]:
    """The contract does not say what a code's sending is answered with; where it names an order, it is this one."""

    def read(told: object) -> None:
        for each in told if isinstance(told, list) else [told]:
            if isinstance(each, dict) and str(each.get("orderRequestId", order.id)) != order.id:
                raise NoAnswer(Trouble.OTHERS_ANSWER)

    return read


def _answered(told: object) -> Answered:
    content = told.get("signedContent") if isinstance(told, dict) else None
    reason = told.get("reason") if isinstance(told, dict) else None
    return Answered(
        id=_text(told, "signatureRequestId"),
        external_id=_text(told, "externalSignatureRequestId"),
        word=_text(told, "status")[:LONGEST_WORD],
        reason="".join(each if not names.has_controls(each) else " " for each in str(reason or "")[:200]),
        content=_decoded(content) if content is not None else None,
    )


def _decoded(content: object) -> bytes:
    if not isinstance(content, str):
        raise NoAnswer(Trouble.OTHER_SHAPE)
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoAnswer(Trouble.OTHER_SHAPE) from error


def _text(told: Any, name: str) -> str:
    """A member that must be there: a text that can be kept, or an id as a number."""
    value = told.get(name) if isinstance(told, dict) else None
    if isinstance(value, str) and names.has_controls(value):
        raise NoAnswer(Trouble.OTHER_SHAPE)
    if not isinstance(value, str | int) or isinstance(value, bool) or not 0 < len(str(value)) <= 200:  # noqa: PLR2004 - the longest id that is kept
        raise NoAnswer(Trouble.OTHER_SHAPE)
    return str(value)
