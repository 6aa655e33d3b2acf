"""CertSign's own words for orders, signature requests, and ours for certificates; transition tables as data.

What follows from the rest of a row is no state: `signing.backend.wording` gives the words between these.
"""

from enum import StrEnum


class OrderStatus(StrEnum):
    CREATED = "CREATED"
    VALIDATION_WAITING = "VALIDATION_WAITING"
    VALIDATED = "VALIDATED"
    VALIDATION_FAILED = "VALIDATION_FAILED"
    GENERATED = "GENERATED"
    GENERATION_FAILED = "GENERATION_FAILED"
    CLOSED = "CLOSED"
    DISCARDED = "DISCARDED"


class RequestStatus(StrEnum):
    SIGN_CREATED = "SIGN_CREATED"
    SIGNED = "SIGNED"
    SIGN_FAILED = "SIGN_FAILED"
    REFUSED = "REFUSED"
    DISCARDED = "DISCARDED"


class CertificateState(StrEnum):
    """PLANNED: serial stored before signing (Boulder's linting order); ABANDONED: its worker died, it is revoked."""

    PLANNED = "PLANNED"
    ISSUED = "ISSUED"
    SPENT = "SPENT"
    ABANDONED = "ABANDONED"


S, R, C = OrderStatus, RequestStatus, CertificateState

# CREATED leads to VALIDATED by a code, or by SIGN where the order asks for none; GENERATED means that the one-use
# certificate exists. A worker that dies after GENERATED leaves the order to the next one, which goes back to VALIDATED.
ORDER_TRANSITIONS: dict[OrderStatus, tuple[OrderStatus, ...]] = {
    S.CREATED: (S.VALIDATION_WAITING, S.VALIDATED, S.DISCARDED),
    S.VALIDATION_WAITING: (S.VALIDATION_WAITING, S.VALIDATED, S.VALIDATION_FAILED, S.DISCARDED),
    S.VALIDATED: (S.GENERATED, S.GENERATION_FAILED, S.DISCARDED),
    S.GENERATED: (S.CLOSED, S.VALIDATED),
    S.GENERATION_FAILED: (),
    S.VALIDATION_FAILED: (),
    S.CLOSED: (),
    S.DISCARDED: (),
}
REQUEST_TRANSITIONS: dict[RequestStatus, tuple[RequestStatus, ...]] = {
    R.SIGN_CREATED: (R.SIGNED, R.SIGN_FAILED, R.REFUSED, R.DISCARDED),
    R.SIGNED: (),
    R.SIGN_FAILED: (),
    R.REFUSED: (),
    R.DISCARDED: (),
}
CERTIFICATE_TRANSITIONS: dict[CertificateState, tuple[CertificateState, ...]] = {
    C.PLANNED: (C.ISSUED, C.ABANDONED),
    C.ISSUED: (C.SPENT, C.ABANDONED),
    C.SPENT: (),
    C.ABANDONED: (),
}
