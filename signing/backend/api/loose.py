"""How bodies and answers are made: what integrators send is read loosely, what they read is to the letter.

Unknown members are ignored, null is the same as absent, and so is a blank where a member has a default; numbers may
come as strings and ids as numbers.
"""

import math
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError


def _is_text(text: str) -> bool:
    """Whether a string can be written down: no NUL, which PostgreSQL does not hold, no half of a surrogate pair."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text))


def _check(name: str, value: Any) -> None:
    """Raise for a text that cannot be written down, and for a number past all bounds: 1e400 is no "inf" of anybody's.

    A list is looked through; an object is judged by its own kind.
    """
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str) and not _is_text(each):
            raise PydanticCustomError("no_text", "no text", {"member": name})
        if isinstance(each, float) and not math.isfinite(each):
            raise PydanticCustomError("finite_number", "no finite number", {"member": name})


class Loose(BaseModel):
    """A body or a query as integrators send it. `unjudged`: members of it that may hold anything, and are not read."""

    unjudged: ClassVar[frozenset[str]] = frozenset()

    model_config = ConfigDict(
        extra="ignore",
        coerce_numbers_to_str=True,
        alias_generator=to_camel,
        str_strip_whitespace=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _blank_is_absent(cls, given: Any) -> Any:
        if given == []:  # how PHP writes an object without members
            return {}
        if not isinstance(given, dict):
            return given
        fields = cls.model_fields.values()
        known = {each.alias for each in fields} - cls.unjudged
        needed = {each.alias for each in fields if each.is_required()}
        present = {
            name: value
            for name, value in given.items()
            if name in known and value is not None and (name in needed or not isinstance(value, str) or value.strip())
        }
        for name, value in present.items():
            _check(name, value)
        return present


class Answer(BaseModel):
    """A body as integrators read it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


@cache
def members() -> frozenset[str]:
    """Every name that a member of a body or a query has in the contract; what else names a place is our own."""
    kinds = [Loose]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return frozenset(str(each.alias) for kind in kinds for each in kind.model_fields.values())
