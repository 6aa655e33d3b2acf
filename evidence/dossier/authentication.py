"""The code exchange: where each code went, what was tried, when one was accepted. Never a code itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from evidence import events
from evidence.dossier.parts import Hex, Instant, Part, Sha256
from evidence.dossier.story import Story, Value, given, instant, numbers, value
from evidence.trail import Read

Channel = Literal["email", "sms"]


@dataclass(frozen=True)
class Sending(Part):
    """One message that carried a code, what the relay answered, and whether its carrier told that it arrived."""

    at: Instant
    channel: Channel
    status: Annotated[
        Literal["sent", "unanswered", "undelivered"],
        "sent: the relay took it; unanswered: it was handed over and nobody said that it was taken; "
        "undelivered: it was given back",
    ]
    message_id: str | None
    entry: int
    delivered_at: Annotated[Instant | None, "when its carrier told that it reached the telephone; absent: not told"]
    delivered_entry: int | None
    recipient: Value
    answer: Value | None


@dataclass(frozen=True)
class WrongTry(Part):
    """A code was entered that was not equal to the one sent."""

    at: Instant
    tries_left: int
    entry: int


@dataclass(frozen=True)
class Code(Part):
    """One code: issued, sent, tried.

    Of a code that another service made only its sending and its tries are known: see SigningService.
    """

    n: int
    issued_at: Instant | None
    channel: Channel
    length: Annotated[int | None, "how many digits"]
    tries: Annotated[int | None, "how many tries it allowed"]
    valid_until: Instant | None
    binding: Annotated[
        Sha256 | None, "what it was tied to; absent where it never was tied to anything, or another service made it"
    ]
    digits: Annotated[
        Hex | None, "start of the binding, as printed in the message; absent where it was tied later, or not here"
    ]
    tied_entry: Annotated[int | None, "entry in which a code sent before the documents was tied to them"]
    accepted_at: Annotated[Instant | None, "when the code entered was found equal to the code sent"]
    accepted_entry: int | None
    expired_at: Instant | None
    entry: Annotated[int, "in which it was issued; else in which it was first said to be sent"]
    sending: tuple[Sending, ...]
    wrong_try: tuple[WrongTry, ...]


@dataclass(frozen=True)
class Authentication(Part):
    """How the person at the screen was tied to a mailbox or a telephone."""

    channel: Literal["email", "sms", "none"]
    independent: Annotated[bool, "whether the code took another way than the access link"]
    verified: Annotated[bool, "whether a code was accepted"]
    failures: Annotated[int, "how many wrong codes were entered"]
    locked_at: Annotated[Instant | None, "when too many wrong codes closed the path"]
    locked_entry: int | None
    entered_entries: Annotated[tuple[int, ...], "entries in which a code was entered, before it was judged"]
    code: tuple[Code, ...]


def authentication(story: Story) -> Authentication | None:
    """The exchange of codes; None where the path was never armed and no code was issued."""
    armed = story.last(events.PathArmed)
    codes = (*(_code(story, entry, told) for entry, told in story.of(events.CodeIssued)), *_codes_of_another(story))
    if armed is None and not codes:
        return None
    locked = story.last(events.CodeLocked)
    decisive = next((each for each in codes if each.accepted_at), codes[-1] if codes else None)
    channel = decisive.channel if decisive else armed[1].code_channel if armed else "none"
    return Authentication(
        channel=channel,
        # A code that was asked for by mail instead of the SMS took the way of the link.
        independent=bool(armed and armed[1].independent_channel and channel == armed[1].code_channel),
        verified=any(each.accepted_at for each in codes),
        failures=len(list(story.of(events.CodeRefused))),
        locked_at=locked[0].at if locked else None,
        locked_entry=locked[0].seq if locked else None,
        entered_entries=numbers(story.of(events.CodeEntered)),
        code=codes,
    )


def _code(story: Story, entry: Read, issued: events.CodeIssued) -> Code:
    tied = next(((e, t) for e, t in story.of(events.CodeTied) if t.n == issued.n), None)
    known = _sent_and_tried(story, entry, issued.n, issued.channel)
    return replace(
        known,
        issued_at=entry.at,
        length=issued.length,
        tries=issued.tries,
        valid_until=instant(issued.valid_until),
        binding=tied[1].binding if tied else issued.binding,
        digits=issued.digits,
        tied_entry=tied[0].seq if tied else None,
    )


def _codes_of_another(story: Story) -> Iterator[Code]:
    """Codes that nobody here made: another service said that it sent them, or could not."""
    issued = {told.n for _, told in story.of(events.CodeIssued)}
    sent = [(e, t.n, t.channel) for e, t in story.of(events.CodeSent)]
    failed = [(e, t.n, t.channel) for e, t in story.of(events.CodeUndelivered)]
    for entry, n, channel in sorted([*sent, *failed], key=lambda each: each[0].seq):
        if n not in issued:
            issued.add(n)
            yield _sent_and_tried(story, entry, n, channel)


def _sent_and_tried(story: Story, entry: Read, n: int, channel: Channel) -> Code:
    """What is known of any code; `entry` is where it begins."""
    accepted = next((e for e, t in story.of(events.CodeAccepted) if t.n == n), None)
    expired = next((e for e, t in story.of(events.CodeExpired) if t.n == n), None)
    return Code(
        n=n,
        issued_at=None,
        channel=channel,
        length=None,
        tries=None,
        valid_until=None,
        binding=None,
        digits=None,
        tied_entry=None,
        accepted_at=accepted.at if accepted else None,
        accepted_entry=accepted.seq if accepted else None,
        expired_at=expired.at if expired else None,
        entry=entry.seq,
        sending=_sendings(story, n),
        wrong_try=tuple(WrongTry(e.at, t.tries_left, e.seq) for e, t in story.of(events.CodeRefused) if t.n == n),
    )


def _sendings(story: Story, n: int) -> tuple[Sending, ...]:
    sent = [_sending(story, e, t) for e, t in story.of(events.CodeSent) if t.n == n]
    failed = [
        Sending(
            at=e.at,
            channel=t.channel,
            status="undelivered",
            message_id=None,
            entry=e.seq,
            delivered_at=None,
            delivered_entry=None,
            recipient=given(e, "recipient"),
            answer=value(e, "answer"),
        )
        for e, t in story.of(events.CodeUndelivered)
        if t.n == n
    ]
    return tuple(sorted([*sent, *failed], key=lambda each: each.entry))


def _sending(story: Story, entry: Read, sent: events.CodeSent) -> Sending:
    delivered = next((e for e, t in story.of(events.CodeDelivered) if t.n == sent.n), None)
    return Sending(
        at=entry.at,
        channel=sent.channel,
        status="unanswered" if sent.answered is False else "sent",
        message_id=sent.message_id or None,
        entry=entry.seq,
        delivered_at=delivered.at if delivered else None,
        delivered_entry=delivered.seq if delivered else None,
        recipient=given(entry, "recipient"),
        answer=value(entry, "answer"),
    )
