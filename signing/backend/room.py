"""How many documents one order may hold: its signatures, and its dossier with all of them, are made in one piece."""

from collections.abc import Collection

from signing.backend.models import Order

MOST = 100


class Full(Exception):
    """The order would hold more than MOST documents."""


def check(order: Order, external_ids: Collection[str | None]) -> None:
    """Raise `Full` where these documents have no room; one whose id of the integrator's is there already takes none."""
    given = [each for each in external_ids if each is not None]
    there = order.requests.filter(external_id__in=given).count() if given else 0
    if order.requests.count() + len(external_ids) - there > MOST:
        raise Full
