"""Every status word of the contract: from which row it is told, or that it never is (certsign-api.md)."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from django.utils.timezone import now

from signing.backend import wording
from signing.backend.models import Order, SignatureRequest
from signing.backend.states import OrderStatus, RequestStatus

SIGN = Order.Work.SIGN
ORDERS: dict[str, dict[str, Any] | None] = {
    "CREATED": {"status": "CREATED"},
    "CREATION_FAILED": None,
    "VALIDATION_WAITING": {"status": "VALIDATION_WAITING"},
    "VALIDATED": {"status": "VALIDATED"},
    "VALIDATION_FAILED": {"status": "VALIDATION_FAILED"},
    "GENERATION_WAITING": {"status": "VALIDATED", "work": SIGN},
    "GENERATED": {"status": "GENERATED", "work": SIGN},
    "GENERATION_FAILED": {"status": "GENERATION_FAILED"},
    "SIGN_WAITING": {"status": "VALIDATED", "work": SIGN, "waiting_for": "tsa"},
    "SIGN_IN_PROGRESS": {"status": "GENERATED", "work": SIGN, "lease_until": now() + timedelta(days=1)},
    "CLOSED": {"status": "CLOSED"},
    "DISCARDED": {"status": "DISCARDED"},
}
"""The row of each word; None for one that is never told."""

REQUESTS: dict[str, tuple[str, dict[str, Any]] | None] = {
    "SIGN_CREATED": ("SIGN_CREATED", {"status": "CREATED"}),
    "SIGN_AWAITING_VALIDATION": ("SIGN_CREATED", {"status": "VALIDATION_WAITING"}),
    "SIGN_AWAITING": ("SIGN_CREATED", {"status": "VALIDATED"}),
    "SIGN_IN_PROGRESS": ("SIGN_CREATED", {"status": "VALIDATED", "work": SIGN}),
    "SIGNED": ("SIGNED", {"status": "CLOSED"}),
    "SIGN_FAILED": ("SIGN_FAILED", {"status": "GENERATION_FAILED"}),
    "ARCHIVE_IN_PROGRESS": None,
    "ARCHIVED": None,
    "ARCHIVE_FAILED": None,
    "ARCHIVE_MIGRATED": None,
    "REFUSED": ("REFUSED", {"status": "DISCARDED"}),
    "DISCARDED": ("DISCARDED", {"status": "DISCARDED"}),
}
"""The document's state and its order's row; an archive does not change SIGNED, which clients expect to stay."""


def test_the_words_are_the_contracts() -> None:
    assert set(ORDERS) == set(get_args(wording.OrderWord)) >= set(OrderStatus)
    assert set(REQUESTS) == set(get_args(wording.RequestWord)) >= set(RequestStatus)


@pytest.mark.parametrize(("word", "row"), [(word, row) for word, row in ORDERS.items() if row])
def test_the_word_of_an_order(word: str, row: dict[str, Any]) -> None:
    assert wording.of_order(Order(**row), at=now()) == word


@pytest.mark.parametrize(("word", "row"), [(word, row) for word, row in REQUESTS.items() if row])
def test_the_word_of_a_document(word: str, row: tuple[str, dict[str, Any]]) -> None:
    assert wording.of_request(SignatureRequest(status=row[0]), Order(**row[1])) == word


@pytest.mark.parametrize("held", [None, now() - timedelta(hours=1)])
def test_an_order_whose_worker_died_is_not_in_progress(held: Any) -> None:
    order = Order(status="GENERATED", work=SIGN, lease_until=held)
    assert wording.of_order(order, at=now()) == "GENERATED"
    assert wording.of_request(SignatureRequest(status="SIGN_CREATED"), order) == "SIGN_IN_PROGRESS"
