"""The transaction, and the signer with contacts and terminals."""

from dataclasses import dataclass
from typing import Annotated, Literal

from evidence import events
from evidence.dossier.parts import Instant, Part
from evidence.dossier.story import Contradiction, Story, Value, clean, given, instant, value

MASK = "•"  # what a remote service tells of a contact it does not show


@dataclass(frozen=True)
class Transaction(Part):
    """The envelope: one transaction with one outcome."""

    reference: Annotated[str, "reference of the envelope, unique on the platform"]
    external_reference: Annotated[str | None, "the client's own reference"]
    trail: Annotated[str, "identifier of the trail whose entries the journal holds"]
    created_at: Instant
    expires_at: Annotated[Instant, "end of the period in which it could be signed"]
    closed_at: Annotated[Instant | None, "when the envelope was closed; absent while other signers go on"]
    closed_as: Annotated[Literal["COMPLETED", "REFUSED", "EXPIRED", "CANCELLED", "FAILED"] | None, "its outcome"]
    language: Annotated[str, "language of the envelope, for signers who have none of their own"]
    signers: Annotated[int, "how many signers the envelope has"]
    turns: Annotated[int, "in how many turns they sign, one after the other; those of one turn sign in parallel"]
    service_url: Annotated[str, "where the service answered"]
    software: Annotated[str, "the software that opened the transaction"]
    sealing_software: Annotated[str, "the software that made this dossier"]
    path_held_by: Annotated[
        Literal["client"] | None,
        "client: the documents were shown and consent was taken on the client's own pages, which this dossier does not "
        "tell of; absent where the platform did it",
    ]
    environment: Annotated[
        Literal["sandbox"] | None, "sandbox: a trial, whose signatures are worth nothing; absent for the real thing"
    ]
    purpose: Annotated[Value | None, "what the client said it is about"]


@dataclass(frozen=True)
class Contact(Part):
    """An address the signer can be reached at: who gave it and how it was checked."""

    type: Literal["email", "mobile"]
    provided_by: Literal["client"]
    verified: Annotated[Literal["none", "code"], "code: a code sent to it came back (see Authentication)"]
    value: Value


@dataclass(frozen=True)
class Terminal(Part):
    """A device as the server saw it."""

    entries: Annotated[tuple[int, ...], "entries in which it acted"]
    ip: Value | None
    user_agent: Value | None


@dataclass(frozen=True)
class Extrinsic(Part):
    """A proof from outside that the client added, and nobody here checked."""

    kind: events.ExtrinsicType
    at: Instant
    entry: int
    sha256: Annotated[str | None, "digest of the files, in the order's own folder"]
    number: Annotated[Value | None, "number of an identity document, or a reference, as the client declared it"]
    name: Annotated[Value | None, "name of a file in the folder, as the client's ZIP has it"] = None


@dataclass(frozen=True)
class Signer(Part):
    """The person of this dossier."""

    id: Annotated[str, "identifier of the signer in the journal"]
    n: Annotated[int, "place among the signers"]
    turn: Annotated[int | None, "turn in which this person was asked to sign; absent where none was declared"]
    language: Annotated[Literal["fr", "en"] | None, "language declared for this person; absent where none was"]
    entry: Annotated[int, "entry in which the client declared this person"]
    declared_at: Instant
    declared_by: Literal["client"]
    identity_check: Annotated[Literal["none"], "whether an identity document was seen"]
    sessions: Annotated[int, "how many sessions the signer opened"]
    first_name: Value
    last_name: Value
    capacity: Annotated[Value | None, "in which capacity the person signs, as the client declared it, unchecked here"]
    contacts: tuple[Contact, ...]
    terminals: tuple[Terminal, ...]
    extrinsic: tuple[Extrinsic, ...] = ()


def transaction(story: Story, *, trail: str, software: str) -> Transaction:
    """What the envelope is."""
    entry, created = story.one(events.EnvelopeCreated)
    closed = story.last(events.EnvelopeClosed)
    declared = [each.data for each in story.entries if each.kind == events.SignerDeclared.kind]
    turns = {each["signer"]: each.get("turn") for each in declared}
    return Transaction(
        reference=created.reference,
        external_reference=clean(created.external_reference) if created.external_reference else None,
        trail=trail,
        created_at=entry.at,
        expires_at=instant(created.expires_at),
        closed_at=closed[0].at if closed else None,
        closed_as=closed[1].outcome if closed else None,
        language=created.language,
        signers=len(turns),
        turns=len(set(turns.values())),
        service_url=created.service_url,
        software=created.software,
        sealing_software=software,
        path_held_by=created.path_held_by,
        environment=created.environment,
        purpose=value(entry, "purpose"),
    )


def signer(story: Story) -> Signer:
    """Who the signer is, as last declared."""
    found = story.last(events.SignerDeclared)
    if found is None:
        raise Contradiction("the trail declares no such signer")
    entry, declared = found
    sessions = len(list(story.of(events.SessionOpened)))
    return Signer(
        id=declared.signer,
        n=declared.n,
        turn=declared.turn,
        language=declared.language,
        entry=entry.seq,
        declared_at=entry.at,
        declared_by=declared.declared_by,
        identity_check=declared.identity_check,
        sessions=sessions,
        first_name=given(entry, "first_name"),
        last_name=given(entry, "last_name"),
        capacity=_capacity(story),
        contacts=_contacts(story),
        terminals=_terminals(story),
        extrinsic=_extrinsic(story),
    )


def language(story: Story) -> Literal["fr", "en"]:
    """The language of the signer: as declared, else that of the envelope; French where that is another."""
    declared = story.last(events.SignerDeclared)
    own = declared[1].language if declared else None
    return own or ("en" if story.one(events.EnvelopeCreated)[1].language == "en" else "fr")


def _contacts(story: Story) -> tuple[Contact, ...]:
    entry, _ = story.last(events.SignerDeclared) or story.one(events.SignerDeclared)
    email, mobile = given(entry, "email"), value(entry, "mobile")
    found = [Contact("email", "client", _verified(story, "email", email), email)]
    if mobile is not None:
        found.append(Contact("mobile", "client", _verified(story, "sms", mobile), mobile))
    return tuple(found)


def _capacity(story: Story) -> Value | None:
    """The last that was declared."""
    told = [value(entry, "number") for entry, added in story.of(events.ExtrinsicAdded) if added.type == "capacity"]
    return told[-1] if told else None


def _extrinsic(story: Story) -> tuple[Extrinsic, ...]:
    """What the client added or said of this person, in the order of the entries; a login may name a payment."""
    found = [
        Extrinsic(told.type, entry.at, entry.seq, told.sha256, value(entry, "number"), value(entry, "name"))
        for entry, told in story.of(events.ExtrinsicAdded)
        if told.type != "capacity"
    ]
    for entry, _ in story.of(events.LoginAsserted):
        found.append(Extrinsic("login", entry.at, entry.seq, None, value(entry, "account")))
        payment = value(entry, "payment")
        if payment is not None:
            found.append(Extrinsic("payment", entry.at, entry.seq, None, payment))
    return tuple(sorted(found, key=lambda each: each.entry))


def _verified(story: Story, channel: str, contact: Value) -> Literal["none", "code"]:
    """Whether a code that was accepted had gone to this very contact; a masked recipient is taken by its channel."""
    accepted = {told.n for _, told in story.of(events.CodeAccepted)}
    sent = [entry for entry, told in story.of(events.CodeSent) if told.n in accepted and told.channel == channel]
    recipients = [entry.value("recipient") or "" for entry in sent]
    return "code" if any(each == contact.text or MASK in each for each in recipients) else "none"


def _terminals(story: Story) -> tuple[Terminal, ...]:
    """The devices of the signer: entries that saw the same address and the same browser are of one."""
    seen: dict[tuple[str | None, str | None], list[int]] = {}
    for entry in story.entries:
        acted = entry.members["actor"]["role"] == "signer" and story.scope(entry) == "signer"
        if acted and {"ip", "user_agent"} & set(entry.members["commitments"]):
            seen.setdefault((entry.value("ip"), entry.value("user_agent")), []).append(entry.seq)
    by_number = {entry.seq: entry for entry in story.entries}
    return tuple(
        Terminal(tuple(found), value(by_number[found[0]], "ip"), value(by_number[found[0]], "user_agent"))
        for found in seen.values()
    )
