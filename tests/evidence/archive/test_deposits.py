"""Depositing after sealing: entries with the change, a lease, a day of outage, the way back without the database."""

import io
import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from evidence import addenda, files, holdings, trail
from evidence.archive import adapters, checks, deposits
from evidence.archive.vault import Vault
from evidence.models import Addendum, Deposit
from tests.evidence import trails
from tests.evidence.archive.depositing import Away, deposit, sealed
from tests.evidence.trails import Walk
from tests.verification.containers import verified

pytestmark = pytest.mark.django_db


def test_a_sealed_dossier_is_deposited_with_its_entries_and_given_back_without_the_database(tmp_path: Path) -> None:
    """Issue, part 7: signed files and dossier cross-referenced; `export_client` from the vault alone."""
    walk = trails.signed()
    row = sealed(walk)
    assert row.state == Deposit.State.QUEUED
    assert [each.ids["deposit_id"] for each in deposits.sweep(timezone.now())] == [str(row.pk)]
    row = deposit(row)
    assert (row.state, row.attempt) == (Deposit.State.KEPT, 1)
    told, received = walk.read()[-2:]
    assert (told.kind, received.kind) == ("archive.deposited", "archive.receipt")
    assert received.data["sha256"] == row.receipt_sha256
    assert json.loads(files.read(row.receipt_sha256))["manifest_sha256"] == told.data["manifest_sha256"]
    holdings.check(walk.trail, known=set())
    assert trail.check(walk.trail) == received.seq
    _given_back(tmp_path, walk)


def _given_back(tmp_path: Path, walk: Walk) -> None:
    """In a process whose database is not there. A copy that may be read only is read; one that is away is not made."""
    call = [".venv/bin/python", "manage.py", "export_client", "EXS", "--out", str(tmp_path / "out"), "--vault"]
    state = tmp_path / "empty"
    environment = {"STATE_DIR": str(state), "KEYS_DIR": str(state / "keys"), "TMPDIR": str(tmp_path / "scratch")}
    environment |= {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    (tmp_path / "scratch").mkdir()
    first, second = configured.VAULT_DIRS
    second.rename(tmp_path / "away")
    for each in (first, *first.iterdir()):
        each.chmod(0o555)
    before = {each: (each.stat().st_mode, each.stat().st_mtime_ns) for each in first.rglob("*")}
    done = subprocess.run(
        [*call, str(first), str(second)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {each: (each.stat().st_mode, each.stat().st_mtime_ns) for each in first.rglob("*")} == before
    assert not any((state.exists(), second.exists(), *(tmp_path / "scratch").iterdir()))
    for each in (first, *first.iterdir()):
        each.chmod(0o700)
    told = json.loads(done.stdout)
    assert (told["packages"], told["files"]) == (1, 6)
    [package] = json.loads((tmp_path / "out" / "manifest.json").read_text())["packages"]
    assert package["metadata"]["reference"] == walk.reference
    assert package["metadata"]["digits"] == walk.binding[:8]
    signed = {each["signed_sha256"] for each in package["metadata"]["documents"] if "signed_sha256" in each}
    assert signed <= {each["sha256"] for each in package["files"]}
    folder = tmp_path / "out" / package["folder"]
    assert subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path / "out", check=False).returncode == 0
    assert verified(folder / f"dossier-{walk.reference}-1.asice")[0] == 0
    assert (folder / "receipt.p7s").is_file()
    assert b"ArchiveTransfer" in (folder / "seda.xml").read_bytes()


def test_an_addendum_is_a_package_of_its_own_with_its_receipt() -> None:
    """docs/archive.md: it names the dossier by id and digest; its receipt is an entry and no further addendum."""
    walk = trails.refused()
    first = deposit(sealed(walk))
    addenda.seal(first.subject, clock=timezone.now)
    addendum = Addendum.objects.select_related("dossier").get()
    row = deposit(Deposit.objects.get(kind="addendum", subject=str(addendum.pk)))
    assert (row.state, row.archive_id) == (Deposit.State.KEPT, str(row.pk))
    told, received = walk.read()[-2:]
    assert (told.kind, told.data["content"], told.data["subject"]) == (
        "archive.deposited",
        "addendum",
        str(addendum.pk),
    )
    assert (received.kind, received.data["sha256"]) == ("archive.receipt", row.receipt_sha256)
    manifest = json.loads(Vault().manifest(row.section, row.archive_id))
    dossier = addendum.dossier
    assert manifest["metadata"]["n"] == 1
    assert manifest["metadata"]["dossier"] == {
        "id": str(dossier.pk),
        "xml_sha256": dossier.xml_sha256,
        "pdf_sha256": dossier.pdf_sha256,
    }
    kept = {each["name"]: each["sha256"] for each in manifest["files"]}
    assert kept == {
        "addendum-001.zip": addendum.sealing_sha256,
        "addendum-001-receipt-vault.json": first.receipt_sha256,
        "addendum-001-receipt-vault.p7s": first.seal_sha256,
    }
    for sha256 in kept.values():
        with Vault().open(row.section, row.archive_id, sha256) as pieces:
            assert b"".join(pieces) == files.read(sha256)
    assert Vault().receipt(row.section, row.archive_id).content == files.read(row.receipt_sha256)
    assert Addendum.objects.count() == 1


def test_no_transaction_is_open_while_an_archive_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    row, away, outside = sealed(trails.refused()), Away(), len(connection.savepoint_ids)
    monkeypatch.setattr(adapters, "archives", lambda: [away])
    deposit(row)
    assert away.depths == [outside]


def test_a_client_of_whom_nothing_is_kept_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="aucun client"):
        call_command("export_client", "NONE", out=tmp_path / "out", stdout=io.StringIO())
    assert not (tmp_path / "out").exists()


def test_packages_are_read_whole_from_time_to_time_and_damage_is_told(tmp_path: Path) -> None:
    """Issue, part 7: scheduled checks. A damaged copy is mended and told in the trail; nothing is read too often."""
    walk = trails.refused()
    row = deposit(sealed(walk))
    assert checks.check(timezone.now()) == 0
    later = timezone.now() + timedelta(days=configured.ARCHIVE_CHECK_DAYS + 1)
    assert checks.check(later) == 1
    row.refresh_from_db()
    assert (row.checked_at, row.sound) == (later, True)
    [victim] = (tmp_path / "second").rglob("manifest.json")
    victim.chmod(0o600)
    victim.write_bytes(b"{}")
    assert checks.check(later + timedelta(days=configured.ARCHIVE_CHECK_DAYS)) == 1
    told = walk.read()[-1]
    assert (told.kind, told.data["copies"], told.data["mended"]) == ("archive.damaged", [2], True)
    for copy in ("first", "second"):
        shutil.rmtree(tmp_path / copy)
    assert checks.check(later + timedelta(days=2 * configured.ARCHIVE_CHECK_DAYS)) == 1
    row.refresh_from_db()
    assert row.sound is False
