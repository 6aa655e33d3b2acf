"""Another signing service, where one signed: who it is, and what only its own file tells."""

from dataclasses import dataclass
from typing import Annotated

from evidence import events
from evidence.dossier.parts import Each, Instant, Part
from evidence.dossier.story import Story

HOLDS = ("certificate.requested", "key.created", "key.used", "key.destroyed", "code.issued")


@dataclass(frozen=True)
class Standing(Part):
    """Where the order stood, in the service's own word."""

    status: Annotated[str, "order status of the CertSign User API"]
    at: Instant
    entry: int


@dataclass(frozen=True)
class SigningService(Part):
    """A service of a third party that sent and judged the code, held the key and signed.

    What it told has source=provider in the journal. What it alone saw is in its own file, and not here.
    """

    name: Annotated[str, "as the operator calls it"]
    url: Annotated[str, "where it was called"]
    order: Annotated[str, "identifier of the order there"]
    standing: tuple[Standing, ...]
    held: Annotated[
        tuple[Annotated[str, Each("Held")], ...],
        "kinds of entries that the service holds: request of the certificate; creation, uses and destruction of the "
        "key; making of the code, with the digits that its message printed",
    ]


def signing_service(story: Story) -> SigningService | None:
    """The other service of this signer's order; None where the platform signed itself."""
    told = list(story.of(events.OrderTold))
    if not told:
        return None
    _, first = told[0]
    return SigningService(
        name=first.service,
        url=first.url,
        order=first.order,
        standing=tuple(Standing(each.status, entry.at, entry.seq) for entry, each in told),
        held=HOLDS,
    )
