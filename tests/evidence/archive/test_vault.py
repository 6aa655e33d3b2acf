"""evidence.md, Archive: local vault, content-addressed, write-once, two copies, the eight functions of NF Z42-020."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone

from evidence import chain
from evidence.archive.package import NotKept, Package, Refused
from evidence.archive.vault import Vault
from tests.evidence import pki
from tests.evidence.archive.packages import a_package


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    pki.hold()
    return Vault([tmp_path / "first", tmp_path / "second"])


@pytest.fixture
def kept(vault: Vault, tmp_path: Path) -> Package:
    package = a_package(tmp_path / "source")
    vault.deposit(package, at=timezone.now())
    return package


def stored(tmp_path: Path, package: Package, name: str) -> list[Path]:
    found = [path for copy in ("first", "second") for path in (tmp_path / copy).rglob(f"{package.id}/{name}")]
    assert len(found) == 2
    return found


def spoil(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(b"something else")


def test_the_eight_functions(vault: Vault, kept: Package) -> None:
    """Deposit, read, destroy, read technical metadata, check, read journal, list, count."""
    section = kept.section
    for item in kept.items:
        with vault.open(section, kept.id, item.sha256) as pieces:
            assert b"".join(pieces) == item.path.read_bytes()
    assert vault.manifest(section, kept.id) == kept.manifest()
    assert vault.check(section, kept.id, at=timezone.now()).damaged == ()
    assert (vault.packages(section), vault.count(section), vault.sections()) == ([kept.id], 1, [section])
    vault.destroy(section, kept.id, reason="certificate 1", at=timezone.now())
    vault.destroy(section, kept.id, reason="certificate 1", at=timezone.now())
    assert vault.count(section) == 0
    with pytest.raises(NotKept):
        vault.manifest(section, kept.id)
    assert [line["function"] for line in vault.journal(section)] == ["deposit", "destroy"]


def test_a_receipt_is_sealed_and_time_stamped(vault: Vault, tmp_path: Path, outside: Callable[..., object]) -> None:
    """The receipt is checked by openssl alone, and names the manifest and the number of copies."""
    package = a_package(tmp_path / "source")
    receipt = vault.deposit(package, at=timezone.now())
    said = json.loads(receipt.content)
    assert said["manifest_sha256"] == hashlib.sha256(package.manifest()).hexdigest()
    assert (said["copies"], said["files"]) == (2, 2)
    content, seal, root = tmp_path / "receipt.json", tmp_path / "receipt.p7s", pki.hold() / "root.cer"
    content.write_bytes(receipt.content)
    seal.write_bytes(receipt.seal or b"")
    pem = tmp_path / "root.pem"
    outside("openssl", "x509", "-inform", "DER", "-in", root, "-out", pem)
    judged = outside(
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", seal, "-content", content,
        "-CAfile", pem, "-purpose", "any", "-out", "/dev/null",
    )  # fmt: skip
    assert judged.returncode == 0, judged.stdout  # type: ignore[attr-defined]  # a CompletedProcess
    assert b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0e" in (receipt.seal or b"")  # id-aa-timeStampToken


def test_the_same_deposit_again_gives_the_same_receipt(vault: Vault, tmp_path: Path) -> None:
    package = a_package(tmp_path / "source")
    first = vault.deposit(package, at=timezone.now())
    assert vault.deposit(package, at=timezone.now()) == first
    assert len(list(vault.journal(package.section))) == 1


def test_a_document_that_is_there_twice_is_kept_once(vault: Vault, tmp_path: Path) -> None:
    """An order may hold the same PDF under two ids: both names lead to it, and both copies are whole."""
    package = a_package(tmp_path / "source")
    again = replace(package.items[1], name="signed/02.pdf")
    package = replace(package, items=(*package.items, again))
    vault.deposit(package, at=timezone.now())
    said = json.loads(vault.manifest(package.section, package.id))
    assert [each["name"] for each in said["files"]][-2:] == ["signed/01.pdf", "signed/02.pdf"]
    with vault.open(package.section, package.id, again.sha256) as pieces:
        assert b"".join(pieces) == again.path.read_bytes()
    assert vault.check(package.section, package.id, at=timezone.now()).damaged == ()


def test_what_is_kept_is_never_written_over(vault: Vault, kept: Package, tmp_path: Path) -> None:
    """Write-once: the same id with other contents is refused, and what was there stays."""
    other = a_package(tmp_path / "other", identifier=kept.id, text="un autre")
    with pytest.raises(Refused):
        vault.deposit(other, at=timezone.now())
    assert vault.manifest(kept.section, kept.id) == kept.manifest()


@pytest.mark.parametrize("name", ["manifest.json", ""])
def test_a_damaged_copy_is_found_and_mended_from_the_other(
    vault: Vault, kept: Package, tmp_path: Path, name: str
) -> None:
    """A check finds the copy, names it, writes it anew; a second check finds nothing."""
    victim = stored(tmp_path, kept, name or kept.items[0].sha256)[0]
    spoil(victim)
    if not name:
        with vault.open(kept.section, kept.id, kept.items[0].sha256) as pieces:  # the other copy answers
            assert b"".join(pieces) == kept.items[0].path.read_bytes()
    found = vault.check(kept.section, kept.id, at=timezone.now())
    assert (found.damaged, found.lost) == ((1,), False)
    assert vault.check(kept.section, kept.id, at=timezone.now()).damaged == ()
    assert [line["function"] for line in vault.journal(kept.section)] == ["deposit", "check"]


def test_a_package_without_any_sound_copy_is_lost_and_said_so(vault: Vault, kept: Package, tmp_path: Path) -> None:
    for path in stored(tmp_path, kept, kept.items[0].sha256):
        spoil(path)
    found = vault.check(kept.section, kept.id, at=timezone.now())
    assert found.lost
    with pytest.raises(NotKept), vault.open(kept.section, kept.id, kept.items[0].sha256):
        pass


def test_a_manifest_written_anew_in_both_copies_is_not_believed(vault: Vault, kept: Package, tmp_path: Path) -> None:
    """The receipt, which is sealed, says what the manifest was."""
    for path in stored(tmp_path, kept, "manifest.json"):
        path.chmod(0o600)
        path.write_bytes(kept.manifest().replace(b"EXS-2026", b"EXS-2025"))
    with pytest.raises(NotKept):
        vault.manifest(kept.section, kept.id)
    assert vault.check(kept.section, kept.id, at=timezone.now()).lost


def test_a_file_that_changed_before_its_deposit_leaves_nothing(vault: Vault, tmp_path: Path) -> None:
    package = a_package(tmp_path / "source")
    package.items[1].path.write_text("autre chose")
    with pytest.raises(NotKept):
        vault.deposit(package, at=timezone.now())
    assert vault.count(package.section) == 0
    assert [path for path in (tmp_path / "first").rglob("*") if path.is_file()] == []


def test_the_journal_shows_a_line_that_was_changed(vault: Vault, kept: Package, tmp_path: Path) -> None:
    for copy in ("first", "second"):
        path = tmp_path / copy / kept.section / "journal.jsonl"
        path.write_bytes(path.read_bytes().replace(b'"deposit"', b'"destroy"'))
    with pytest.raises(chain.Broken):
        list(vault.journal(kept.section))


def test_a_copy_of_the_journal_that_fell_behind_catches_up(vault: Vault, kept: Package, tmp_path: Path) -> None:
    behind = tmp_path / "second" / kept.section / "journal.jsonl"
    behind.write_bytes(behind.read_bytes()[:-20])
    vault.destroy(kept.section, kept.id, reason="certificate 1", at=timezone.now())
    assert behind.read_bytes() == (tmp_path / "first" / kept.section / "journal.jsonl").read_bytes()
    assert len(list(vault.journal(kept.section))) == 2


@pytest.mark.parametrize("name", ["../client-2", "Client", "", "a/b", "."])
def test_no_name_leads_out_of_the_vault(vault: Vault, kept: Package, name: str) -> None:
    with pytest.raises(NotKept):
        vault.manifest(name, kept.id)
    with pytest.raises(NotKept):
        vault.manifest(kept.section, name)
    with pytest.raises(NotKept):
        vault.file(kept.section, kept.id, name)
