"""What every kind of entry is: a frozen, strict class. A mistyped or unknown field does not run.

Fields marked `Personal` never enter an entry: the trail commits to them with a salt and keeps value and salt in a row
that can be erased. Everything else stands in the entry's `data`. Neither Django nor Celery here.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict


class _Mark:
    """Marks a field whose value is committed to, not chained."""


Personal = Annotated[str, _Mark()]
OptionalPersonal = Annotated[str | None, _Mark()]
Hex64 = str
ChannelName = Literal["email", "sms"]
CodeChannel = Literal["email", "sms", "none"]
Language = Literal["fr", "en"]
Role = Literal["to_sign", "for_information"]
KINDS: "dict[str, type[Event]]" = {}


class Event(BaseModel):
    """What happened. Subclasses name their `kind`; `data()` and `personal()` split their fields."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    kind: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kind" in cls.__dict__:
            KINDS[cls.kind] = cls

    @classmethod
    def personal_fields(cls) -> frozenset[str]:
        """Names of the fields that are committed to."""
        return frozenset(
            name for name, field in cls.model_fields.items() if any(isinstance(mark, _Mark) for mark in field.metadata)
        )

    def data(self) -> dict[str, object]:
        """The open members of the entry; an absent optional field is left out."""
        return self.model_dump(mode="json", exclude=set(self.personal_fields()), exclude_none=True)

    def personal(self) -> dict[str, str]:
        """The values to commit to, by field name; an absent optional field is left out."""
        return self.model_dump(include=set(self.personal_fields()), exclude_none=True)


class Part(BaseModel):
    """A structured member of an event."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Conformity(Part):
    """A certificate of conformity that the operator states: of the services under a policy, for a time."""

    policy: str
    reference: str
    valid_from: str
    valid_to: str


class BoundDocument(Part):
    sha256: Hex64
    role: Role


class BoundTerms(Part):
    """A version of the operator's terms of use, in the language of the statement that names it."""

    version: str
    sha256: Hex64


class BoundConsent(Part):
    id: str
    version: str
    language: str
    sha256: Hex64
    terms: BoundTerms | None = None
    mention: str | None = None
