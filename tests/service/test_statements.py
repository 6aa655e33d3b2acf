"""How many statements a call costs. On SQLite, writing one takes longer than running it; seconds are for benchmarks."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signing.clients.models import ReferenceCounter, next_reference
from tests.pdfs import sound
from tests.service.conftest import Machine
from tests.service.integrator import document
from tests.signing import walks

READ, WRITTEN = {"SELECT"}, {"INSERT", "UPDATE", "DELETE"}


@contextmanager
def statements() -> Iterator[dict[str, int]]:
    """How many read and write, without those that open and close transactions; and how many name the client's table."""
    told: dict[str, int] = {}
    with CaptureQueriesContext(connection) as captured:
        yield told
    said = [each["sql"] for each in captured.captured_queries]
    words = [each.split()[0] for each in said]
    told["read"] = sum(word in READ for word in words)
    told["written"] = sum(word in WRITTEN for word in words)
    told["of the client"] = sum('"clients_client"' in each for each in said)


def test_the_ordinary_way_reads_its_client_once_a_call_and_nothing_twice(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Order, document, signature: who calls is looked up for each call, and known from there on."""
    monkeypatch.setattr("signing.backend.api.waiting.while_any", lambda *_a, **_k: None)
    contract = [document(sound.contract(1))]
    machine.order()  # the first reference of the year
    with statements() as opened:
        number = machine.order()
    with statements() as added:
        status, _ = machine.call("POST", "/ephemeral/signatures", contract, orderRequestId=number)
        assert status == 200
    with statements() as signed:
        status, _ = machine.call("POST", "/ephemeral/signatures/sign", orderRequestId=number, mode="ASYNC")
        assert status == 200
    assert opened == {"read": 2, "written": 6, "of the client": 1}
    # Of the six, two count what the order holds: before a document is judged, and again under the lock.
    assert added == {"read": 6, "written": 4, "of the client": 1}
    # Of the eight, one counts its documents: by them a worker is given its time.
    assert signed == {"read": 8, "written": 8, "of the client": 1}


@pytest.mark.django_db
def test_references_of_a_year_begin_at_one_and_leave_none_out() -> None:
    client = walks.a_client()
    told = [next_reference(client, year=year) for year in (2031, 2031, 2032, 2031)]
    assert [each.removeprefix(client.code) for each in told] == [
        "-2031-000001",
        "-2031-000002",
        "-2032-000001",
        "-2031-000003",
    ]
    assert ReferenceCounter.objects.filter(client=client).count() == 2
