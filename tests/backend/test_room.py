"""docs/service.md: an order holds a hundred documents at most, whoever adds them at the same time."""

import uuid
from pathlib import Path

import pytest

from signing.backend import room
from signing.backend.models import Order, SignatureRequest
from tests.backend import bare_orders


def filled(order: Order, most: int) -> None:
    SignatureRequest.objects.bulk_create(
        SignatureRequest(
            order=order,
            document=str(uuid.uuid4()),
            n=n,
            external_id=f"piece-{n}",
            presented_sha256="0" * 64,
            presented_size=1,
            pages=1,
        )
        for n in range(1, most + 1)
    )


def test_the_last_one_has_room_and_the_next_has_none(walk: Path) -> None:
    order = bare_orders.opened()
    filled(order, room.MOST - 1)
    bare_orders.with_document(order, walk)
    with pytest.raises(room.Full):
        bare_orders.with_document(order, walk)
    assert order.requests.count() == room.MOST


def test_a_document_that_is_there_takes_no_room(walk: Path) -> None:
    """A call repeated after a lost answer is answered as the first was."""
    order = bare_orders.opened()
    filled(order, room.MOST)
    room.check(order, [f"piece-{n}" for n in range(room.MOST - 19, room.MOST + 1)])
    with pytest.raises(room.Full):
        room.check(order, ["piece-1", "another"])
