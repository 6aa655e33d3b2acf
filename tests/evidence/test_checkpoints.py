"""Checkpoints of the log, kept outside the database, and what is asked of the log from outside."""

import base64
import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import tsp
from django.conf import settings
from django.db import transaction
from django.test import Client as Browser

from evidence import checkpoints, jobs, keys, log, merkle, notes
from evidence.checkpoints import LogMoved
from evidence.models import Entry
from tests.evidence import pki
from tests.evidence.consistency import is_consistent
from tests.evidence.grown import grow, made, told

pytestmark = pytest.mark.usefixtures("ceremony")


def test_a_checkpoint_is_signed_time_stamped_and_outside() -> None:
    grow(6)
    kept = made()
    said = notes.opened(kept.note, settings.LOG_ORIGIN, keys.log_public())
    assert (said.origin, said.size, said.root) == (settings.LOG_ORIGIN, 6, log.root(6))
    assert kept.proven.imprint == hashlib.sha256(kept.note.encode()).hexdigest()
    assert not kept.external
    assert checkpoints.newest() == kept == made()
    grow(1)
    assert made().size == 7
    names = sorted(each.name for each in Path(settings.CHECKPOINTS_DIR).rglob("*") if each.is_file())
    assert names == ["00000000000006.note", "00000000000006.tsr", "00000000000007.note", "00000000000007.tsr", "newest"]
    assert told() == {"valid": True, "trails": 2, "entries": 7, "logged": 7, "checkpoints": 2}


def test_every_entry_is_proven_under_a_checkpoint() -> None:
    grow(11)
    kept = made()
    grow(2)
    log.integrate()
    for entry in Entry.objects.all():
        proof = checkpoints.proof(entry.digest, kept)
        index = log.place(entry.digest)
        assert index is not None
        if index >= kept.size:
            assert proof is None
            continue
        assert proof is not None
        assert proof.endswith(f"\n\n{kept.note}")
        hashes = log.inclusion(index, kept.size)
        assert merkle.is_included(bytes.fromhex(entry.digest), index, kept.size, hashes, kept.root)


def test_an_older_backup_is_noticed_and_not_signed_over() -> None:
    """The database is put back, the checkpoints are not: what follows would contradict them."""
    grow(4)
    before = transaction.savepoint()
    grow(3)
    made()
    transaction.savepoint_rollback(before)
    reason = "a checkpoint of 7 entries was signed: this log is an older one"
    assert told() == {"valid": False, "log": settings.LOG_ORIGIN, "seq": 1, "reason": reason}
    with pytest.raises(LogMoved, match="7 were signed"):
        made()
    grow(5)
    with pytest.raises(LogMoved, match="not those that were signed"):
        made()
    assert told()["reason"] == "the checkpoint of 7 entries is of another log"
    assert [each.name for each in Path(settings.CHECKPOINTS_DIR).rglob("*.note")] == ["00000000000007.note"]


def test_a_log_goes_on_under_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/log.md: what an operator does who had to put an older backup in place."""
    grow(3)
    before = transaction.savepoint()
    grow(2)
    made()
    transaction.savepoint_rollback(before)
    monkeypatch.setattr(settings, "LOG_ORIGIN", "paraphe.example/log-2")
    assert made().note.startswith("paraphe.example/log-2\n3\n")
    assert told()["valid"] is True


@pytest.mark.parametrize(
    "damage", [lambda text: text.replace("\n3\n", "\n2\n"), lambda _text: "", lambda text: text[:-9]]
)
def test_a_checkpoint_that_was_changed_is_not_believed(damage: Callable[[str], str]) -> None:
    grow(3)
    made()
    (file,) = Path(settings.CHECKPOINTS_DIR).rglob("*.note")
    file.write_text(damage(file.read_text()))
    with pytest.raises(LogMoved, match="cannot be read"):
        made()
    assert told()["valid"] is False


def test_beat_makes_one_where_entries_have_come(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it waits for is told, and leaves nothing behind."""
    grow(2)
    monkeypatch.setattr(settings, "KEYS_DIR", settings.KEYS_DIR / "absent")
    jobs.checkpoint()
    assert [vars(record)["label"] for record in caplog.records] == ["KeyUnavailable"]
    assert checkpoints.newest() is None
    monkeypatch.undo()
    monkeypatch.setattr(settings, "CHECKPOINTS_DIR", settings.STATE_DIR / "checkpoints" / "of-beat")
    jobs.checkpoint()
    assert told()["checkpoints"] == 1


def test_what_anybody_may_ask(client: Browser) -> None:
    """Served before there is one: 404. Then the note, its token, its key, and both proofs."""
    assert client.get("/log/checkpoint").status_code == 404
    grow(5)
    older = made()
    grow(4)
    kept = made()
    assert client.get("/log/checkpoint").content.decode() == kept.note
    token = client.get("/log/checkpoint.tsr")
    assert (token.content, token["Content-Type"]) == (kept.token, "application/timestamp-reply")
    assert client.get("/log/key").content.decode() == f"{notes.verifier_key(settings.LOG_ORIGIN, keys.log_public())}\n"
    entry = Entry.objects.order_by("pk").first()
    assert entry is not None
    proof = client.get(f"/log/inclusion/{entry.digest}")
    assert proof.content.decode() == checkpoints.proof(entry.digest, kept)
    lines = client.get(f"/log/consistency/{older.size}/{kept.size}").content.decode().splitlines()
    assert is_consistent(older.size, kept.size, [base64.b64decode(line) for line in lines], older.root, kept.root)
    assert proof["Content-Type"].startswith("text/plain")
    for path in (f"inclusion/{'0' * 64}", "inclusion/0", "consistency/0/9", "consistency/5/10", "consistency/9/5"):
        assert client.get(f"/log/{path}").status_code == 404, path
    assert client.post("/log/checkpoint").status_code == 405


def test_the_token_is_over_the_note(client: Browser, tmp_path: Path) -> None:
    """With what is served alone: openssl ts over the note as it was served."""
    grow(1)
    made()
    (tmp_path / "note").write_bytes(client.get("/log/checkpoint").content)
    token = client.get("/log/checkpoint.tsr").content
    assert tsp.ContentInfo.load(token)["content_type"].native == "signed_data"
    (tmp_path / "token").write_bytes(token)
    public = pki.hold()
    command = ["openssl", "ts", "-verify", "-data", "note", "-in", "token", "-token_in"]
    command += ["-CAfile", str(public / "root.crt"), "-untrusted", str(public / "issuing.crt")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "Verification: OK" in done.stdout + done.stderr, done.stderr
