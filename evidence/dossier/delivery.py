"""What was sent to the signer and fetched by the signer: links, results, downloads."""

from dataclasses import dataclass
from typing import Annotated, Literal

from evidence import events
from evidence.dossier.parts import Instant, Part, Sha256
from evidence.dossier.story import Story, Value, given, value


@dataclass(frozen=True)
class Message(Part):
    """A message to the signer that carried no code."""

    content: Annotated[
        Literal["link", "signed", "refused", "expired"],
        "the access link, the signed files, the refusal, or that the time was over",
    ]
    n: int
    at: Instant
    channel: Literal["email", "sms"]
    status: Annotated[Literal["sent", "bounced"], "sent: the relay took it; bounced: it came back"]
    message_id: str | None
    entry: int
    recipient: Value
    answer: Value | None


@dataclass(frozen=True)
class Download(Part):
    """A file that was fetched."""

    document: Annotated[str, "identifier of the document"]
    form: Literal["presented", "signed"]
    sha256: Sha256
    at: Instant
    entry: int


@dataclass(frozen=True)
class Access(Part):
    """How the signer came to the documents."""

    confirmed_at: Annotated[Instant | None, "first press of the button that opens the path"]
    confirmed_entry: int | None
    link: Annotated[
        Literal["message", "printed"] | None, "whose link was used then: sent in a message, or handed to the creator"
    ]
    refused_entries: Annotated[tuple[int, ...], "entries in which a link was no longer good"]
    fetched_entries: Annotated[tuple[int, ...], "entries in which a link was fetched, which may have been a machine"]


@dataclass(frozen=True)
class Delivery(Part):
    """What reached the signer."""

    shown_at: Annotated[Instant | None, "when the page with the result was shown"]
    shown_entry: int | None
    access: Access
    message: tuple[Message, ...]
    download: tuple[Download, ...]


def delivery(story: Story) -> Delivery:
    """Messages, page of the result and downloads, as far as they had happened."""
    shown = story.first(events.DeliveryShown)
    confirmed = story.first(events.AccessConfirmed)
    return Delivery(
        shown_at=shown[0].at if shown else None,
        shown_entry=shown[0].seq if shown else None,
        access=Access(
            confirmed_at=confirmed[0].at if confirmed else None,
            confirmed_entry=confirmed[0].seq if confirmed else None,
            link=confirmed[1].link if confirmed else None,
            refused_entries=tuple(e.seq for e, _ in story.of(events.AccessRefused)),
            fetched_entries=tuple(e.seq for e, _ in story.of(events.LinkFetched)),
        ),
        message=_messages(story),
        download=tuple(
            Download(t.document, t.form, t.sha256, e.at, e.seq)
            for e, t in story.of(events.DocumentDownloaded)
            if t.signer == story.subject
        ),
    )


def _messages(story: Story) -> tuple[Message, ...]:
    links = [
        Message("link", t.n, e.at, t.channel, "sent", t.message_id, e.seq, given(e, "recipient"), value(e, "answer"))
        for e, t in story.of(events.LinkSent)
    ]
    links += [
        Message("link", t.n, e.at, t.channel, "bounced", None, e.seq, given(e, "recipient"), value(e, "answer"))
        for e, t in story.of(events.LinkBounced)
    ]
    results = [
        Message(content, t.n, e.at, t.channel, "sent", t.message_id, e.seq, given(e, "recipient"), value(e, "answer"))
        for e, t in story.of(events.DeliverySent)
        if (content := _result(t.content))
    ]
    results += [
        Message(content, t.n, e.at, t.channel, "bounced", None, e.seq, given(e, "recipient"), value(e, "answer"))
        for e, t in story.of(events.DeliveryBounced)
        if (content := _result(t.content))
    ]
    return tuple(sorted([*links, *results], key=lambda each: each.entry))


def _result(content: events.Content) -> Literal["signed", "refused", "expired"] | None:
    """What the signer was told; None for what the client was."""
    match content:
        case "signed" | "refused" | "expired":
            return content
    return None
