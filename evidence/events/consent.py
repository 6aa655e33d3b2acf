"""Entries of consent, of SIGNER and of REFUSER."""

from typing import ClassVar, Literal

from evidence.events.event import BoundConsent, BoundTerms, Event, Hex64, OptionalPersonal


class ConsentShown(Event):
    kind: ClassVar[str] = "consent.shown"
    signer: str
    consents: list[BoundConsent]


class ConsentChecked(Event):
    kind: ClassVar[str] = "consent.checked"
    signer: str
    consent: str
    version: str
    language: str
    sha256: Hex64
    terms: BoundTerms | None = None


class ConsentUnchecked(ConsentChecked):
    kind: ClassVar[str] = "consent.unchecked"


class MentionTyped(Event):
    """What a signer typed for a statement that asks for a mention, each time it changed; absent where emptied."""

    kind: ClassVar[str] = "mention.typed"
    signer: str
    consent: str
    version: str
    language: str
    sha256: Hex64
    result: Literal["same", "differs", "emptied"]
    typed: OptionalPersonal = None


class SignEnabled(Event):
    kind: ClassVar[str] = "sign.enabled"
    signer: str


class SignBlocked(Event):
    kind: ClassVar[str] = "sign.blocked"
    signer: str
    missing_pages: int
    missing_consents: int
    missing_mentions: int | None = None


class SignClicked(Event):
    kind: ClassVar[str] = "sign.clicked"
    signer: str
    label: str
    binding: Hex64


class RefusalClicked(Event):
    kind: ClassVar[str] = "refusal.clicked"
    signer: str
    choice: Literal["wrong_person", "content", "not_requested", "other"]
    reason: OptionalPersonal = None


class SignRequested(Event):
    """The client, whose own pages asked the signer, orders the signature."""

    kind: ClassVar[str] = "sign.requested"
    signer: str
    binding: Hex64


class RefusalTold(Event):
    """The client, whose own pages asked the signer, says that the signer refused."""

    kind: ClassVar[str] = "refusal.told"
    signer: str
