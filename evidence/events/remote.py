"""Entries of an order at another signing service."""

from typing import ClassVar

from evidence.events.event import Event, Hex64


class OrderTold(Event):
    """Where an order stands at another signing service, in that service's own word (CertSign's order status).

    `service` and `url`: who it is, as the operator has it; `order`: its id there.
    """

    kind: ClassVar[str] = "order.told"
    signer: str
    service: str
    url: str
    order: str
    status: str


class SignatureRejected(Event):
    """A file that came back as signed and is not what it has to be; it is handed to nobody. `check`: what failed."""

    kind: ClassVar[str] = "signature.rejected"
    signer: str
    document: str
    sha256: Hex64
    check: str
