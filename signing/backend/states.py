"""CertSign's own words for orders, signature requests, and ours for certificates; transition tables as data."""

from enum import StrEnum


class OrderStatus(StrEnum):
    CREATED = "CREATED"
    VALIDATION_WAITING = "VALIDATION_WAITING"
    VALIDATED = "VALIDATED"
    VALIDATION_FAILED = "VALIDATION_FAILED"
    GENERATED = "GENERATED"
    CLOSED = "CLOSED"
    DISCARDED = "DISCARDED"


class RequestStatus(StrEnum):
    SIGN_CREATED = "SIGN_CREATED"
    SIGNED = "SIGNED"
    REFUSED = "REFUSED"
    DISCARDED = "DISCARDED"


class CertificateState(StrEnum):
    """PLANNED: serial stored before signing (Boulder's linting order); ABANDONED: its worker died, it is revoked."""

    PLANNED = "PLANNED"
    ISSUED = "ISSUED"
    SPENT = "SPENT"
    ABANDONED = "ABANDONED"


O, R, C = OrderStatus, RequestStatus, CertificateState

# CREATED leads to VALIDATED by a code, or by SIGN where the order asks for none; GENERATED means that the one-use
# certificate exists. A worker that dies after GENERATED leaves the order to the next one, which goes back to VALIDATED.
ORDER_TRANSITIONS: dict[OrderStatus, tuple[OrderStatus, ...]] = {
    O.CREATED: (O.VALIDATION_WAITING, O.VALIDATED, O.DISCARDED),
    O.VALIDATION_WAITING: (O.VALIDATION_WAITING, O.VALIDATED, O.VALIDATION_FAILED, O.DISCARDED),
    O.VALIDATED: (O.GENERATED, O.DISCARDED),
    O.GENERATED: (O.CLOSED, O.VALIDATED),
    O.VALIDATION_FAILED: (),
    O.CLOSED: (),
    O.DISCARDED: (),
}
REQUEST_TRANSITIONS: dict[RequestStatus, tuple[RequestStatus, ...]] = {
    R.SIGN_CREATED: (R.SIGNED, R.REFUSED, R.DISCARDED),
    R.SIGNED: (),
    R.REFUSED: (),
    R.DISCARDED: (),
}
CERTIFICATE_TRANSITIONS: dict[CertificateState, tuple[CertificateState, ...]] = {
    C.PLANNED: (C.ISSUED, C.ABANDONED),
    C.ISSUED: (C.SPENT, C.ABANDONED),
    C.SPENT: (),
    C.ABANDONED: (),
}
