"""Entries of links and sessions."""

from typing import ClassVar, Literal

from evidence.events.event import ChannelName, Event, OptionalPersonal, Personal


class LinkCreated(Event):
    kind: ClassVar[str] = "link.created"
    signer: str
    means: Literal["message", "printed"]


class LinkSent(Event):
    kind: ClassVar[str] = "link.sent"
    signer: str
    channel: ChannelName
    message_id: str
    n: int
    recipient: Personal
    answer: OptionalPersonal = None


class LinkAccepted(Event):
    """Whoever carries the message says, apart from its first answer, that it took it for this recipient."""

    kind: ClassVar[str] = "link.accepted"
    signer: str
    channel: ChannelName
    message_id: str
    n: int
    recipient: Personal
    answer: OptionalPersonal = None


class LinkDelayed(Event):
    """An attempt that took the letter nowhere: a server said later (4xx), or none answered. It is tried again.

    `attempt`: which one of the letter, from 1. RFC 3464, 2.3.3, "delayed".
    """

    kind: ClassVar[str] = "link.delayed"
    signer: str
    channel: ChannelName
    n: int
    attempt: int
    recipient: Personal
    answer: OptionalPersonal = None


class LinkBounced(Event):
    kind: ClassVar[str] = "link.bounced"
    signer: str
    channel: ChannelName
    n: int
    recipient: Personal
    answer: OptionalPersonal = None


class LinkFetched(Event):
    kind: ClassVar[str] = "link.fetched"
    signer: str


class AccessConfirmed(Event):
    kind: ClassVar[str] = "access.confirmed"
    signer: str
    link: Literal["message", "printed"] | None = None


class AccessRefused(Event):
    kind: ClassVar[str] = "access.refused"
    signer: str
    reason: Literal["expired", "ended", "held"]


class SessionOpened(Event):
    kind: ClassVar[str] = "session.opened"
    signer: str


class SessionExpired(Event):
    """A browser may no longer see the path: it stayed away too long, another person came, or the signer left."""

    kind: ClassVar[str] = "session.expired"
    signer: str
    reason: Literal["idle", "other_person", "left"]


class SessionResumed(Event):
    kind: ClassVar[str] = "session.resumed"
    signer: str


class ContactDisowned(Event):
    """Whoever reads the mailbox says, by the button of a mail, that they are not the signer.

    `stopped`: it stopped the path, which had not ended; somebody of the client or the operator resumes or ends it.
    """

    kind: ClassVar[str] = "contact.disowned"
    signer: str
    stopped: bool


class LettersStopped(Event):
    """Whoever reads the mailbox wants no more letters of this path; `through`: our page, or their mail program."""

    kind: ClassVar[str] = "letters.stopped"
    signer: str
    through: Literal["page", "one_click"]


class LoginAsserted(Event):
    """The client's own site says who was logged in when it sent the signer here; nobody here has checked it."""

    kind: ClassVar[str] = "login.asserted"
    signer: str
    means: str
    asserted_at: str
    account: Personal
    payment: OptionalPersonal = None
