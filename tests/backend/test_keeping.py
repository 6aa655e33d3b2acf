"""evidence.md, Archive: bare orders are kept and eliminated like envelopes; the keywords of the contract are found."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.utils.timezone import now

from evidence import files, tasks, trail
from evidence.archive import deposits
from evidence.archive.vault import Vault
from evidence.models import Deposit, Elimination, Opening
from signing.backend import bare, keeping
from signing.backend.added import Added
from signing.backend.api import signatures
from signing.backend.models import Order, SignatureRequest
from signing.clients import certificates
from signing.engine import intake
from tests.backend import bare_orders
from tests.pdfs import sound
from tests.service.conftest import MIDDLEWARE, Machine
from tests.signing import walks
from tests.signing.clients import access


@pytest.fixture
def order(walk: Path, settings: Any) -> Order:
    """A signed order with keywords, its dossier in the vault."""
    settings.VAULT_DIRS = [walk / "first", walk / "second"]
    row = bare_orders.opened()
    source = walk / "contract.pdf"
    source.write_bytes(sound.contract(1))
    accepted = intake.examine(source, workdir=walk)
    files.put(accepted.path)
    asked = {"accounts": ["principal"], "keywords": ["bail", "Dossier Dupont"]}
    added = Added(accepted, "piece-1", None, asked)
    bare.add_documents(order=row, documents=[added], actor=bare_orders.MACHINE, at=now())
    bare_orders.sign(Order.objects.get(pk=row.pk))
    walks.work(kinds=bare_orders.ALL)
    for each in Deposit.objects.filter(state=Deposit.State.QUEUED):
        deposits.deposit(str(each.pk), owner="w", clock=now)
    return Order.objects.get(pk=row.pk)


def test_keywords_go_into_the_archive_and_are_found(order: Order) -> None:
    """certsign-api.md: keywords are search words for the archive; in the chain they are only committed to."""
    row = Deposit.objects.get(kind="dossier", trail=order.trail)
    said = json.loads(Vault().manifest(row.section, row.archive_id))
    assert said["metadata"]["keywords"] == ["Dossier Dupont", "bail"]
    assert "dossier dupont" in row.words
    for entry in trail.entries(order.trail):
        assert b"Dupont" not in entry.canonical
    added = next(entry for entry in trail.entries(order.trail) if entry.kind == "document.added")
    assert added.data["archives"] == ["principal"]


def test_an_order_is_eliminated_after_its_time(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(closed_at=now() - timedelta(days=9 * 365))
    assert keeping.sweep(now()) == 0
    Order.objects.filter(pk=order.pk).update(closed_at=now() - timedelta(days=10 * 366))
    assert keeping.sweep(now()) == 1
    row = Elimination.objects.get(trail=order.trail)
    tasks.eliminate(elimination_id=str(row.pk))
    row.refresh_from_db()
    assert row.state == Elimination.State.DONE
    request = SignatureRequest.objects.get(order=order)
    for sha256 in (request.sha256, request.presented_sha256):
        with pytest.raises(files.Missing):
            files.path_of(sha256)
    order.refresh_from_db()
    assert (order.first_name, order.email, order.contact, request.archive) == ("", "", "", None)
    assert not Opening.objects.filter(entry__trail=order.trail).exists()
    assert Deposit.objects.get(kind="dossier", trail=order.trail).words == ""
    assert trail.check(order.trail) > 0


def test_a_document_past_its_time_is_told_as_gone(order: Order, settings: Any) -> None:
    """410 with a label, never 500; order and search say what became of them, as before (certsign-api.md)."""
    settings.ROOT_URLCONF, settings.MIDDLEWARE, settings.BEHIND_PROXY = "config.urls_service", MIDDLEWARE, True
    made = certificates.make(order.client, access.authority(walks.now()), at=walks.now())
    machine = Machine(quote(made.certificate.decode()))
    document = SignatureRequest.objects.get(order=order)
    assert machine.call("GET", "/ephemeral/signatures", id=document.pk)[1]["signedContent"]
    Order.objects.filter(pk=order.pk).update(closed_at=now() - timedelta(days=10 * 366))
    keeping.sweep(now())
    tasks.eliminate(elimination_id=str(Elimination.objects.get(trail=order.trail).pk))

    status, told = machine.call("GET", "/ephemeral/signatures", id=document.pk)

    assert (status, told["errorLabel"]) == (410, "ERROR_ELIMINATED")
    assert machine.call("GET", "/ephemeral/orders", id=order.pk)[1]["status"] == "CLOSED"
    found = machine.call("GET", "/ephemeral/signatures/search", orderRequestId=order.pk)[1]
    assert [each["signatureRequestId"] for each in found] == [str(document.pk)]


def test_a_file_that_is_lost_is_no_elimination(order: Order) -> None:
    """Nobody is told that a document was eliminated because a disk has lost it."""
    document = SignatureRequest.objects.get(order=order)
    document.path.unlink()
    with pytest.raises(files.Missing):
        signatures._content(document)
