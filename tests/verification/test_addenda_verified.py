"""Addenda in a container: both verifiers hold each of them, and find whatever is changed, left out or exchanged."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from evidence import addenda, events, files, looks, trail
from evidence.dossier.container import container
from evidence.models import Dossier, Trail
from tests.evidence import trails
from tests.evidence.dossiers import queued
from tests.evidence.dossiers import seal as sealed
from tests.evidence.test_meanwhile import while_it_is_sealed
from tests.verification.containers import false, listed_anew, read, rewritten, verified


@pytest.fixture
def followed(db: None, tmp_path: Path) -> Path:
    """A container with two addenda: an archive's receipt with a file, a complaint."""
    row = sealed(queued(trails.refused()))
    receipt = addenda.Attached("receipt.xml", files.put_bytes(b"<receipt/>"))
    event = events.ArchiveReceipt(archive="vault", deposit="d", archive_id="a-1", sha256=receipt.sha256)
    with transaction.atomic():
        addenda.record(row, event, actor=trail.SYSTEM, at=timezone.now(), attached=[receipt])
    complain(row)
    addenda.seal(str(row.pk), clock=timezone.now)
    target = tmp_path / "dossier.asice"
    with target.open("wb") as out:
        container.write(row.sealing_sha256, out, addenda=addenda.sealings(row))
    return target


def complain(row: Dossier) -> None:
    event = events.ComplaintReceived(signer=row.subject, n=1, means="page", text="Ce n’est pas moi.")
    with transaction.atomic():
        addenda.record(row, event, actor=trail.SYSTEM, at=timezone.now())


def test_both_hold_addenda_and_find_what_is_changed(followed: Path) -> None:
    status, claims = verified(followed)
    assert (status, false(claims)) == (0, {})
    assert [claims[f"Addendum {n}"][1].split(",")[0] for n in (1, 2)] == ["archive.receipt", "complaint.received"]
    whole = read(followed)
    theirs = {name for n in (1, 2) for name in container.added(n)}
    for name in (each for each in whole if "addenda/" in each or each in theirs):
        content = whole[name]
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        # Nothing is over the last signature: a bit of the lists that stand in it, unsigned, may be another.
        for changed in (None,) if name == container.added(2)[1] else (flipped, None):
            status, claims = verified(rewritten(followed, {name: changed}))
            assert (status, bool(false(claims))) == (1, True), name


def test_both_hold_what_was_entered_while_the_dossier_was_sealed(db: None, tmp_path: Path) -> None:
    row = queued(trails.refused())

    def happen(journal: Trail) -> None:
        for stopped in (False, True):
            event = events.ContactDisowned(signer=row.subject, stopped=stopped)
            addenda.tell(journal, row.subject, event, actor=trail.SYSTEM, at=timezone.now())

    with while_it_is_sealed(row, happen):
        row = sealed(row)
    addenda.seal(str(row.pk), clock=timezone.now)
    target = tmp_path / "dossier.asice"
    with target.open("wb") as out:
        container.write(row.sealing_sha256, out, addenda=addenda.sealings(row))
    assert len(json.loads(read(target)["addenda/001.json"])["earlier"]) == 1
    status, claims = verified(target)
    assert (status, false(claims)) == (0, {})
    assert claims["Addendum 1"][1].startswith("contact.disowned")


def test_an_addendum_that_says_something_else_is_found_with_manifests_made_to_fit(followed: Path) -> None:
    whole = read(followed)
    said = json.loads(whole["addenda/002.json"])
    said["previous"] = "0" * 64
    changed = {**whole, "addenda/002.json": json.dumps(said).encode()}
    status, claims = verified(rewritten(followed, listed_anew(changed, name="META-INF/ASiCManifest102.xml")))
    assert status == 1
    assert list(false(claims)) == ["Addendum 2"]


def test_the_first_ones_alone_are_still_a_sound_container(followed: Path) -> None:
    """What came later can be left away, and is not what was sealed: nothing of the dossier depends on it."""
    whole = read(followed)
    last = {name: None for name in whole if name.startswith("addenda/002") or name in container.added(2)}
    status, claims = verified(rewritten(followed, last))
    assert (status, false(claims)) == (0, {})
    assert "Addendum 2" not in claims
    assert claims["Addenda plus récents"] == ("unchecked", "ôtés de la fin, rien ici ne le dit")


def test_the_installation_that_keeps_the_journal_names_the_addenda_that_are_missing(followed: Path) -> None:
    whole = read(followed)
    last = {name: None for name in whole if name.startswith("addenda/002") or name in container.added(2)}
    stripped = rewritten(followed, last)
    answers = [_addenda_of(followed), _addenda_of(stripped)]
    assert answers[0] == {"contained": 2, "sealed": 2}
    reason = "Des addenda scellés depuis ne sont pas dans ce conteneur."
    assert answers[1] == {"contained": 1, "sealed": 2, "missing": [2], "reason": reason}
    Dossier.objects.update(state=Dossier.State.DESTROYED)
    elsewhere = _addenda_of(stripped)
    assert (elsewhere["sealed"], elsewhere["reason"].split(" :")[0]) == (None, "Non vérifiable ici")


def _addenda_of(container_file: Path) -> dict[str, Any]:
    out = io.StringIO()
    call_command("verify", str(container_file), stdout=out)  # valid: it ends with 0
    return dict(json.loads(out.getvalue())["addenda"])


def test_the_looks_of_a_day_are_one_addendum_and_each_of_them_is_held(db: None, tmp_path: Path) -> None:
    """Each look is an entry; their addendum holds all of them, and who changes one is found."""
    row = sealed(queued(trails.refused()))
    seen = events.SheetConsulted(page="dossier", signer=row.subject)
    taken = events.DossierDownloaded(signer=row.subject, form="asice")
    for login, event in (("julie", seen), ("paul", taken), ("anne", seen)):
        looks.look(row.trail, event, actor=trail.Actor(role="client", login=login), at=timezone.now())
    Dossier.objects.update(looked_at=timezone.now() - looks.EVERY)
    looks.gather(timezone.now())
    addenda.seal(str(row.pk), clock=timezone.now)
    target = tmp_path / "dossier.asice"
    with target.open("wb") as out:
        container.write(row.sealing_sha256, out, addenda=addenda.sealings(row))
    status, claims = verified(target)
    assert (status, false(claims)) == (0, {})
    whole = read(target)
    said = json.loads(whole["addenda/001.json"])
    logins = [each["openings"][0]["value"] for each in (*said["earlier"], said)]
    assert logins == ["julie", "paul", "anne"]
    said["earlier"][1]["openings"][0]["value"] = "hugo"
    changed = {**whole, "addenda/001.json": json.dumps(said).encode()}
    status, claims = verified(rewritten(target, listed_anew(changed, name="META-INF/ASiCManifest101.xml")))
    assert (status, list(false(claims))) == (1, ["Addendum 1"])
