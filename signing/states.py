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
    S.INVITED: (S.OPENED, S.EXPIRED, S.CANCELLED),
    S.OPENED: (S.CODE_SENT, S.SIGNING, S.REFUSED, S.EXPIRED, S.CANCELLED, S.LOCKED, S.QUARANTINED),
    S.CODE_SENT: (S.CODE_SENT, S.SIGNING, S.REFUSED, S.EXPIRED, S.CANCELLED, S.LOCKED, S.QUARANTINED),
    S.SIGNING: (S.SIGNED, S.CODE_SENT, S.LOCKED, S.QUARANTINED),
    S.QUARANTINED: (S.SIGNING, S.SIGNED, S.EXPIRED, S.CANCELLED),
    S.SIGNED: (),
    S.REFUSED: (),
    S.EXPIRED: (),
    S.CANCELLED: (),
    S.LOCKED: (),
}
READING = frozenset({S.OPENED, S.CODE_SENT})
ENDED = frozenset({S.SIGNED, S.REFUSED, S.EXPIRED, S.CANCELLED, S.LOCKED})

ENVELOPE_WORDS = {
    E.DRAFT: "en préparation",
    E.OPEN: "en cours",
    E.COMPLETED: "signée",
    E.REFUSED: "refusée",
    E.EXPIRED: "expirée",
    E.CANCELLED: "annulée",
    E.FAILED: "en échec",
}
SIGNER_WORDS = {
    S.WAITING: "attend son tour",
    S.INVITED: "invité",
    S.OPENED: "lit les documents",
    S.CODE_SENT: "code envoyé",
    S.SIGNING: "signature en cours",
    S.SIGNED: "a signé",
    S.REFUSED: "a refusé",
    S.EXPIRED: "délai passé",
    S.CANCELLED: "annulé",
    S.LOCKED: "bloqué après trop d’essais",
    S.QUARANTINED: "arrêté, à examiner",
}
