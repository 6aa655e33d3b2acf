"""Entries of one-time codes, never their value."""

from typing import ClassVar

from evidence.events.event import ChannelName, Event, Hex64, OptionalPersonal, Personal


class CodeIssued(Event):
    """Without binding and digits where there was no document yet: the first that is added ties the code."""

    kind: ClassVar[str] = "code.issued"
    signer: str
    n: int
    channel: ChannelName
    length: int
    tries: int
    valid_until: str
    binding: Hex64 | None = None
    digits: str | None = None


class CodeTied(Event):
    kind: ClassVar[str] = "code.tied"
    signer: str
    n: int
    binding: Hex64


class CodeSent(Event):
    """The message was handed over. `answered` false: nobody said that it was taken; it is not sent again by itself."""

    kind: ClassVar[str] = "code.sent"
    signer: str
    n: int
    channel: ChannelName
    message_id: str
    answered: bool | None = None
    recipient: Personal
    answer: OptionalPersonal = None


class CodeDelivered(Event):
    """Whoever carries the message says that it reached the recipient's device or mailbox."""

    kind: ClassVar[str] = "code.delivered"
    signer: str
    n: int
    channel: ChannelName
    message_id: str
    recipient: Personal
    answer: OptionalPersonal = None


class CodeUndelivered(Event):
    kind: ClassVar[str] = "code.undelivered"
    signer: str
    n: int
    channel: ChannelName
    final: bool
    recipient: Personal
    answer: OptionalPersonal = None


class CodeRequested(Event):
    kind: ClassVar[str] = "code.requested"
    signer: str


class CodeRerouted(Event):
    """Who waited for a code by SMS asks for it by mail, as the policy allows: no second way besides the link's."""

    kind: ClassVar[str] = "code.rerouted"
    signer: str
    channel: ChannelName
    independent_channel: bool


class CodeEntered(Event):
    kind: ClassVar[str] = "code.entered"
    signer: str
    binding: Hex64


class CodeRefused(Event):
    kind: ClassVar[str] = "code.refused"
    signer: str
    n: int
    tries_left: int


class CodeAccepted(Event):
    """Without binding where another service judged it: what it tied its code to is not told."""

    kind: ClassVar[str] = "code.accepted"
    signer: str
    n: int
    binding: Hex64 | None = None


class CodeExpired(Event):
    kind: ClassVar[str] = "code.expired"
    signer: str
    n: int


class CodeLocked(Event):
    kind: ClassVar[str] = "code.locked"
    signer: str
    failures: int
