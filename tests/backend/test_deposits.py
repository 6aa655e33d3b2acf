"""What an integrator who asked for a deposit is told of it (certsign-api.md, Signature request status)."""

from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence.archive import deposits
from evidence.archive.models import Deposit
from signing.backend import wording
from tests.backend.bare_orders import ALL, SERVICE, opened, sign, with_document
from tests.signing import walks

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {"accounts": ["COMPTA"], "keywords": ["bail"]}


@pytest.mark.parametrize(("archive", "word"), [(ASKED, "ARCHIVED"), (None, "SIGNED")])
def test_a_document_whose_deposit_was_asked_for_is_archived_with_its_dossier(
    walk: Path, settings: Any, archive: dict[str, list[str]] | None, word: str
) -> None:
    settings.VAULT_DIRS = [walk / "first", walk / "second"]
    order = opened()
    request = with_document(order, walk, archive=archive)
    sign(order)
    walks.work(kinds=SERVICE)
    request.refresh_from_db()
    assert wording.of_request(request, order) == "SIGNED"
    walks.work(kinds=ALL)
    deposit = Deposit.objects.get(kind="dossier")
    deposits.deposit(str(deposit.pk), owner="w", clock=now)
    deposit.refresh_from_db()
    assert deposit.state == Deposit.State.KEPT
    assert ("bail" in deposit.words) == (archive is not None)
    assert wording.of_request(request, order) == word


@pytest.mark.parametrize(
    ("states", "word"),
    [
        ((("QUEUED", 1), ("QUEUED", 0)), "SIGNED"),
        ((("KEPT", 1), ("QUEUED", 1)), "SIGNED"),
        ((("QUEUED", 2), ("REFUSED", 1)), "ARCHIVE_IN_PROGRESS"),
        ((("KEPT", 1), ("REFUSED", 3)), "ARCHIVE_FAILED"),
        ((("DESTROYED", 1),), "ARCHIVED"),
    ],
)
def test_several_archives_have_one_word(walk: Path, states: tuple[tuple[str, int], ...], word: str) -> None:
    order = opened()
    request = with_document(order, walk, archive=ASKED)
    sign(order)
    walks.work(kinds=SERVICE)
    request.refresh_from_db()
    for n, (state, attempt) in enumerate(states):
        kept = {"kept_at": now(), "receipt_sha256": "0" * 64, "archive_id": "1"} if state == "KEPT" else {}
        Deposit.objects.create(
            trail=order.trail,
            section="client-1",
            archive=f"archive-{n}",
            kind="dossier",
            subject="1",
            state=state,
            attempt=attempt,
            requested_at=now(),
            due_at=now(),
            **kept,
        )
    assert wording.of_request(request, order) == word


@pytest.mark.parametrize(
    ("accounts", "chosen"),
    [
        ([["Deposit"]], {"deposit"}),
        ([["COMPTA", "vault"], ["deposit"]], {"vault", "deposit"}),
        ([["COMPTA"]], {"vault", "s3", "deposit"}),
        ([[]], {"vault", "s3", "deposit"}),
        ([None, ["s3"]], {"s3"}),
        ([None, None], {"vault", "s3", "deposit"}),
        ([[], ["s3"]], {"vault", "s3", "deposit"}),
        ([["COMPTA"], ["s3"]], {"vault", "s3", "deposit"}),
    ],
)
def test_archives_of_ours_are_chosen_by_name(
    walk: Path, settings: Any, accounts: list[list[str] | None], chosen: set[str]
) -> None:
    """certsign-api.md, archiverNames; a name that is none of ours chooses nothing.

    Of several documents each chooses for itself; the dossier, which has them all, goes wherever one is to be.
    """
    settings.ARCHIVES = ["evidence.archive.vault.Vault", "evidence.archive.s3.S3", "evidence.archive.http.HttpDeposit"]
    order = opened()
    for names in accounts:
        with_document(order, walk, archive=None if names is None else {"accounts": names, "keywords": []})
    sign(order)
    walks.work(kinds=ALL)
    assert set(Deposit.objects.filter(kind="dossier").values_list("archive", flat=True)) == chosen


def test_each_document_is_told_of_the_archives_that_it_names(walk: Path) -> None:
    """One archive keeps what another refuses: only who asked for that one is told so."""
    order = opened()
    asked = {"vault": "ARCHIVED", "DEPOSIT": "ARCHIVE_FAILED", "COMPTA": "ARCHIVE_FAILED"}
    rows = [with_document(order, walk, archive={"accounts": [name], "keywords": []}) for name in asked]
    silent = with_document(order, walk, archive=None)
    sign(order)
    walks.work(kinds=SERVICE)
    shared = {"trail": order.trail, "section": "client-1", "kind": "dossier", "subject": "1", "attempt": 1}
    shared |= {"requested_at": now(), "due_at": now()}
    kept = {"kept_at": now(), "receipt_sha256": "0" * 64, "archive_id": "1"}
    Deposit.objects.create(archive="vault", state="KEPT", **kept, **shared)
    Deposit.objects.create(archive="deposit", state="REFUSED", **shared)
    for row in (*rows, silent):
        row.refresh_from_db()
    assert [wording.of_request(row, order) for row in rows] == list(asked.values())
    assert wording.of_request(silent, order) == "SIGNED"
