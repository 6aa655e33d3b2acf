"""Consent: the exact statements, when each was checked, the button; or the refusal and its reason."""

from dataclasses import dataclass
from typing import Annotated, Literal

from evidence import events, files
from evidence.dossier.parts import Instant, Part, Sha256, Text
from evidence.dossier.story import Story, Value, clean, value


@dataclass(frozen=True)
class Wording(Part):
    """The exact words, as UTF-8 text; their SHA-256 stands beside them."""

    text: Text


@dataclass(frozen=True)
class TermsOfUse(Part):
    """The version of the operator's terms of use that a statement named and led to, in its language."""

    version: str
    sha256: Annotated[Sha256, "digest of the whole text in UTF-8"]
    wording: Wording


@dataclass(frozen=True)
class Mention(Part):
    """Words that the signer was to type beside a statement, compared without case, accents and what stands around."""

    wanted: Annotated[str, "the words asked for"]
    typed_at: Annotated[Instant | None, "when they were last typed; absent where they do not stand"]
    typed_entry: int | None
    other_entries: Annotated[tuple[int, ...], "entries in which other words were typed, or the field was emptied"]
    typed: Annotated[Value | None, "exactly what was typed, where it is what was asked for"]


@dataclass(frozen=True)
class Statement(Part):
    """One statement that was shown beside an empty box."""

    id: str
    version: str
    language: str
    sha256: Annotated[Sha256, "digest of the wording in UTF-8"]
    shown_at: Annotated[Instant | None, "when it was first shown; absent where the signer never came so far"]
    shown_entry: int | None
    checked_at: Annotated[Instant | None, "when its box was last checked; absent where it is not checked"]
    checked_entry: int | None
    unchecked_entries: Annotated[tuple[int, ...], "entries in which the box was cleared"]
    wording: Wording
    terms: TermsOfUse | None = None
    mention: Mention | None = None


@dataclass(frozen=True)
class Button(Part):
    """The click on the button that asks for the signature."""

    label: Annotated[str, "the words on it"]
    clicked_at: Instant
    enabled_at: Annotated[Instant | None, "when all pages were read and all boxes checked"]
    entry: int
    enabled_entry: int | None
    binding: Annotated[Sha256, "what was agreed to"]


@dataclass(frozen=True)
class Refusal(Part):
    """The click that refuses, with the choice made and the words given."""

    clicked_at: Instant
    choice: Literal["wrong_person", "content", "not_requested", "other"]
    entry: int
    reason: Value | None


@dataclass(frozen=True)
class ClientWord(Part):
    """What the client, whose own pages asked the signer, said came of it."""

    said: Annotated[Literal["sign", "refused"], "sign: the signature was ordered; refused: the signer refused"]
    at: Instant
    entry: int


@dataclass(frozen=True)
class Consent(Part):
    """What the signer agreed to or refused."""

    blocked_entries: Annotated[tuple[int, ...], "entries in which the button was pressed too early, and refused"]
    statement: tuple[Statement, ...]
    button: Button | None
    refusal: Refusal | None
    client_word: Annotated[ClientWord | None, "in the place of button and refusal, where the path is the client's own"]


def consent(story: Story) -> Consent:
    """What the trail says of the statements that the path was armed with, of the button and of the refusal."""
    armed = story.last(events.PathArmed)
    clicked = story.last(events.SignClicked)
    enabled = story.last(events.SignEnabled)
    refused = story.last(events.RefusalClicked)
    return Consent(
        blocked_entries=tuple(entry.seq for entry, _ in story.of(events.SignBlocked)),
        statement=tuple(_statement(story, bound) for bound in armed[1].consents) if armed else (),
        button=Button(
            label=clicked[1].label,
            clicked_at=clicked[0].at,
            enabled_at=enabled[0].at if enabled else None,
            entry=clicked[0].seq,
            enabled_entry=enabled[0].seq if enabled else None,
            binding=clicked[1].binding,
        )
        if clicked
        else None,
        refusal=Refusal(refused[0].at, refused[1].choice, refused[0].seq, value(refused[0], "reason"))
        if refused
        else None,
        client_word=_client_word(story),
    )


def _client_word(story: Story) -> ClientWord | None:
    refused = story.last(events.RefusalTold)
    if refused is not None:
        return ClientWord("refused", refused[0].at, refused[0].seq)
    ordered = story.last(events.SignRequested)
    return ClientWord("sign", ordered[0].at, ordered[0].seq) if ordered is not None else None


def _statement(story: Story, bound: events.BoundConsent) -> Statement:
    """Raises `files.Missing` where the wording is no longer kept."""
    shown = next(((e, t) for e, t in story.of(events.ConsentShown) if bound in t.consents), None)
    moves = [
        (entry, entry.kind == events.ConsentChecked.kind)
        for entry in story.entries
        if entry.kind in (events.ConsentChecked.kind, events.ConsentUnchecked.kind)
        and story.scope(entry) == "signer"
        and (entry.data["consent"], entry.data["sha256"]) == (bound.id, bound.sha256)
    ]
    checked = moves[-1][0] if moves and moves[-1][1] else None
    return Statement(
        id=bound.id,
        version=bound.version,
        language=bound.language,
        sha256=bound.sha256,
        shown_at=shown[0].at if shown else None,
        shown_entry=shown[0].seq if shown else None,
        checked_at=checked.at if checked else None,
        checked_entry=checked.seq if checked else None,
        unchecked_entries=tuple(entry.seq for entry, on in moves if not on),
        wording=_wording(bound.sha256),
        terms=_terms(bound.terms) if bound.terms else None,
        mention=_mention(story, bound, bound.mention) if bound.mention else None,
    )


def _mention(story: Story, bound: events.BoundConsent, wanted: str) -> Mention:
    typed = [
        (entry, told)
        for entry, told in story.of(events.MentionTyped)
        if (told.consent, told.sha256) == (bound.id, bound.sha256)
    ]
    last = typed[-1][0] if typed and typed[-1][1].result == "same" else None
    return Mention(
        wanted=wanted,
        typed_at=last.at if last else None,
        typed_entry=last.seq if last else None,
        other_entries=tuple(entry.seq for entry, told in typed if told.result != "same"),
        typed=value(last, "typed") if last else None,
    )


def _terms(bound: events.BoundTerms) -> TermsOfUse:
    return TermsOfUse(bound.version, bound.sha256, _wording(bound.sha256))


def _wording(sha256: str) -> Wording:
    return Wording(clean(files.read(sha256).decode()))
