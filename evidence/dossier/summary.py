"""Page one in data: the outcome, the binding, the four conditions with the entries that carry them, the limits."""

from dataclasses import dataclass
from typing import Annotated, Literal

from evidence import chain, events
from evidence.dossier.authentication import Authentication
from evidence.dossier.documents import Documents
from evidence.dossier.parts import Hex, Instant, Part, Sha256
from evidence.dossier.signatures import Signatures
from evidence.dossier.story import Contradiction, Story, numbers

Outcome = Literal["SIGNED", "REFUSED", "EXPIRED", "CANCELLED", "FAILED"]
ConditionName = Literal["identification", "consent", "link", "integrity"]
LimitName = Literal[
    "sandbox",
    "client_path",
    "comprehension",
    "identity_document",
    "device_holder",
    "same_channel",
    "printed_link",
    "no_code",
    "own_root",
    "own_authority",
    "provider_key",
    "provider_root",
    "provider_authority",
]
DIGITS = 8
ENDS: dict[str, Outcome] = {"EXPIRED": "EXPIRED", "CANCELLED": "CANCELLED", "FAILED": "FAILED"}
BOUND = ("first_name", "last_name", "email", "mobile")


@dataclass(frozen=True)
class Digest(Part):
    """A digest that a condition rests on."""

    of: Annotated[str, "what it is the digest of: binding, journal, or the identifier of a document"]
    sha256: Sha256


@dataclass(frozen=True)
class Condition(Part):
    """One of the four conditions, and the entries to read for it."""

    name: ConditionName
    entries: tuple[int, ...]
    digest: tuple[Digest, ...]


@dataclass(frozen=True)
class Limit(Part):
    """Something that this dossier does not establish."""

    name: LimitName


@dataclass(frozen=True)
class Summary(Part):
    """What happened, in short."""

    outcome: Annotated[Outcome, "of this signer's path"]
    ended_at: Annotated[Instant, "time of the first signature's token; else of the entry that ended the path"]
    ended_entry: int
    refused_by: Annotated[Literal["signer", "other"] | None, "who refused, where somebody did"]
    locked: Annotated[bool, "whether too many wrong codes ended it"]
    binding: Annotated[Sha256 | None, "what ties signer, documents and statements; absent where nothing was ever armed"]
    digits: Annotated[Hex | None, "the first eight digits of the binding"]
    condition: tuple[Condition, ...]
    limit: tuple[Limit, ...]


def summary(story: Story, documents: Documents, code: Authentication | None, signatures: Signatures) -> Summary:
    """Raises `Contradiction` where the path has not ended, or where something was signed under another binding."""
    outcome, ended_at, ended_entry, by = _outcome(story, documents, signatures)
    binding = _binding(story, outcome)
    return Summary(
        outcome=outcome,
        ended_at=ended_at,
        ended_entry=ended_entry,
        refused_by=by,
        locked=bool(code and code.locked_at),
        binding=binding,
        digits=binding[:DIGITS] if binding else None,
        condition=_conditions(story, documents, binding),
        limit=tuple(Limit(name) for name in _limits(story, outcome, code)),
    )


def _outcome(
    story: Story, documents: Documents, signatures: Signatures
) -> tuple[Outcome, str, int, Literal["signer", "other"] | None]:
    for kind in (events.RefusalClicked, events.RefusalTold):
        refused = story.last(kind)
        if refused:
            return "REFUSED", refused[0].at, refused[0].seq, "signer"
    to_sign = {each.id for each in documents.document if each.role == "to_sign"}
    if to_sign and to_sign == {each.document for each in signatures.signature}:
        first = signatures.signature[0]
        times = [each.time for each in first.timestamp if each.over == "signature"]
        return "SIGNED", times[0] if times else first.at, first.entry, None
    closed = story.last(events.EnvelopeClosed)
    if closed is None or closed[1].outcome == "COMPLETED":
        raise Contradiction("the path has not ended, or its end is not told")
    entry, told = closed
    if told.outcome == "REFUSED":
        return "REFUSED", entry.at, entry.seq, "other"
    return ENDS[told.outcome], entry.at, entry.seq, None


def _binding(story: Story, outcome: Outcome) -> str | None:
    """The binding last armed, recomputed; a signature under another one is a contradiction."""
    armed = story.last(events.PathArmed)
    if armed is None:
        return None
    binding = armed[1].binding
    if outcome == "SIGNED":
        # Another service's signature carries none of ours: what was handed to it is what was clicked.
        carried = {made.binding for _, made in story.of(events.SignatureMade) if made.binding}
        clicked, ordered = story.last(events.SignClicked), story.last(events.SignRequested)
        carried |= {clicked[1].binding} if clicked else set()
        carried |= {ordered[1].binding} if ordered else set()
        if carried != {binding}:
            raise Contradiction("what was signed is not what the path was armed with")
    declared, _ = story.last(events.SignerDeclared) or story.one(events.SignerDeclared)
    _, created = story.one(events.EnvelopeCreated)
    recomputed = chain.binding(
        reference=created.reference,
        signer={name: made for name, made in declared.members["commitments"].items() if name in BOUND},
        documents=[{"sha256": each.sha256, "role": each.role} for each in armed[1].documents],
        consents=[{"id": each.id, "sha256": each.sha256} for each in armed[1].consents],
    )
    if recomputed != binding:
        raise Contradiction("the binding is not the digest of signer, documents and statements")
    return binding


def _conditions(story: Story, documents: Documents, binding: str | None) -> tuple[Condition, ...]:
    bound = (Digest("binding", binding),) if binding else ()
    files = tuple(Digest(each.id, each.signed.sha256) for each in documents.document if each.signed)
    shown = tuple(Digest(each.id, each.sha256) for each in documents.document)
    head = (Digest("journal", story.entries[-1].digest),)
    kept = INTEGRITY if files else (*INTEGRITY, *AS_PRESENTED)
    return (
        Condition("identification", _entries(story, IDENTIFICATION), ()),
        Condition("consent", _entries(story, CONSENT), ()),
        Condition("link", _entries(story, LINK), (*bound, *shown)),
        Condition("integrity", _entries(story, kept), (*(files or shown), *head)),
    )


def _entries(story: Story, kinds: tuple[type[events.Event], ...]) -> tuple[int, ...]:
    return tuple(sorted(seq for kind in kinds for seq in numbers(story.of(kind))))


def _limits(story: Story, outcome: Outcome, code: Authentication | None) -> list[LimitName]:
    limits: list[LimitName] = ["identity_document"]
    created = story.one(events.EnvelopeCreated)[1]
    held = created.path_held_by == "client"
    if held:
        limits.insert(0, "client_path")
    elif outcome == "SIGNED":
        limits.insert(0, "comprehension")
    if code and code.verified:
        limits.append("device_holder")
        if not code.independent and not held:
            limits.append("same_channel")
    elif outcome == "SIGNED":
        limits.append("no_code")
    used = {told.link for _, told in story.of(events.AccessConfirmed)}
    if "printed" in used and "message" not in used:
        limits.append("printed_link")
    elsewhere = story.first(events.OrderTold) is not None
    if outcome == "SIGNED":
        limits += ["provider_key", "provider_root"] if elsewhere else ["own_root"]
    tokens = [token for _, token in story.of(events.TimestampObtained)]
    if elsewhere and outcome == "SIGNED":
        limits.append("provider_authority")
    elif not tokens or not all(token.operated_by for token in tokens):
        limits.append("own_authority")
    return ["sandbox", *limits] if created.environment == "sandbox" else limits


IDENTIFICATION: tuple[type[events.Event], ...] = (
    events.SignerDeclared,
    events.LinkCreated,
    events.LinkSent,
    events.LinkDelayed,
    events.LinkBounced,
    events.AccessConfirmed,
    events.CodeRequested,
    events.CodeIssued,
    events.CodeSent,
    events.CodeDelivered,
    events.CodeTied,
    events.CodeUndelivered,
    events.CodeEntered,
    events.CodeRefused,
    events.CodeAccepted,
    events.CodeExpired,
    events.CodeLocked,
)
CONSENT: tuple[type[events.Event], ...] = (
    events.DocumentPresented,
    events.PageRead,
    events.DocumentRead,
    events.ReadingMoved,
    events.ReadingRefused,
    events.ConsentShown,
    events.ConsentChecked,
    events.ConsentUnchecked,
    events.MentionTyped,
    events.SignEnabled,
    events.SignBlocked,
    events.SignClicked,
    events.RefusalClicked,
    events.SignRequested,
    events.RefusalTold,
)
LINK: tuple[type[events.Event], ...] = (
    events.DocumentAdded,
    events.DocumentRepaired,
    events.DocumentFrozen,
    events.PathArmed,
    events.SignClicked,
    events.SignRequested,
    events.CodeTied,
    events.CodeAccepted,
    events.CertificateRequested,
    events.SignatureMade,
)
INTEGRITY: tuple[type[events.Event], ...] = (
    events.OrderTold,
    events.KeyCreated,
    events.CertificateIssued,
    events.KeyUsed,
    events.KeyDestroyed,
    events.SignatureMade,
    events.TimestampObtained,
    events.RevocationCollected,
    events.SignatureRejected,
    events.SignatureVerified,
)
AS_PRESENTED: tuple[type[events.Event], ...] = (events.DocumentAdded, events.DocumentRepaired, events.DocumentFrozen)
"""Where nothing was signed, integrity is that of the files as they were presented."""
