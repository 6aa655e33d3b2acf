"""States of envelopes and signers, and the transition tables that the diagrams are drawn from. Data only."""

from enum import StrEnum


class EnvelopeState(StrEnum):
    DRAFT = "DRAFT"
    OPEN = "OPEN"
    COMPLETED = "COMPLETED"
    REFUSED = "REFUSED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


class SignerState(StrEnum):
    WAITING = "WAITING"
    INVITED = "INVITED"
    OPENED = "OPENED"
    CODE_SENT = "CODE_SENT"
    SIGNING = "SIGNING"
    SIGNED = "SIGNED"
    REFUSED = "REFUSED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    LOCKED = "LOCKED"
    QUARANTINED = "QUARANTINED"


E, S = EnvelopeState, SignerState

ENVELOPE_TRANSITIONS: dict[EnvelopeState, tuple[EnvelopeState, ...]] = {
    E.DRAFT: (E.OPEN, E.CANCELLED),
    E.OPEN: (E.COMPLETED, E.REFUSED, E.EXPIRED, E.CANCELLED, E.FAILED),
    E.COMPLETED: (),
    E.REFUSED: (),
    E.EXPIRED: (),
    E.CANCELLED: (),
    E.FAILED: (),
}
SIGNER_TRANSITIONS: dict[SignerState, tuple[SignerState, ...]] = {
    S.WAITING: (S.INVITED, S.EXPIRED, S.CANCELLED),
    S.INVITED: (S.OPENED, S.EXPIRED, S.CANCELLED, S.QUARANTINED),
    S.OPENED: (S.CODE_SENT, S.SIGNING, S.REFUSED, S.EXPIRED, S.CANCELLED, S.LOCKED, S.QUARANTINED),
    S.CODE_SENT: (S.CODE_SENT, S.SIGNING, S.REFUSED, S.EXPIRED, S.CANCELLED, S.LOCKED, S.QUARANTINED),
    S.SIGNING: (S.SIGNED, S.CODE_SENT, S.LOCKED, S.QUARANTINED),
    S.QUARANTINED: (S.INVITED, S.OPENED, S.SIGNING, S.SIGNED, S.EXPIRED, S.CANCELLED),
    S.SIGNED: (),
    S.REFUSED: (),
    S.EXPIRED: (),
    S.CANCELLED: (),
    S.LOCKED: (),
}
ASKED = frozenset({S.INVITED, S.OPENED, S.CODE_SENT})
READING = frozenset({S.OPENED, S.CODE_SENT})
ENDED = frozenset({S.SIGNED, S.REFUSED, S.EXPIRED, S.CANCELLED, S.LOCKED})


def marked(word: str) -> str:
    """Mark a word for the catalogue of translations; whoever shows it translates it (no Django here)."""
    return word


ENVELOPE_WORDS = {
    E.DRAFT: marked("en préparation"),
    E.OPEN: marked("en cours"),
    E.COMPLETED: marked("signée"),
    E.REFUSED: marked("refusée"),
    E.EXPIRED: marked("expirée"),
    E.CANCELLED: marked("annulée"),
    E.FAILED: marked("en échec"),
}
SIGNER_WORDS = {
    S.WAITING: marked("attend son tour"),
    S.INVITED: marked("invité"),
    S.OPENED: marked("lit les documents"),
    S.CODE_SENT: marked("code envoyé"),
    S.SIGNING: marked("signature en cours"),
    S.SIGNED: marked("a signé"),
    S.REFUSED: marked("a refusé"),
    S.EXPIRED: marked("délai passé"),
    S.CANCELLED: marked("annulé"),
    S.LOCKED: marked("bloqué après trop d’essais"),
    S.QUARANTINED: marked("arrêté, à examiner"),
}
