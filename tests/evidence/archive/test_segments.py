"""evidence.md, Archive: technical logs 12 months; the operator's section has a sealed segment a day."""

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from config.logs import DailyFile, JsonFormatter
from evidence.archive import deposits, segments
from evidence.archive.vault import Vault
from evidence.models import Deposit
from tests.evidence import pki

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.now() - timedelta(days=1)


@pytest.fixture
def logs(tmp_path: Path, settings: Any) -> Path:
    pki.hold()
    settings.LOGS_DIR = tmp_path / "logs"
    settings.VAULT_DIRS = [tmp_path / "first", tmp_path / "second"]
    return tmp_path / "logs"


def say(folder: Path, words: str, at: datetime) -> None:
    handler = DailyFile(folder)
    handler.setFormatter(JsonFormatter())
    record = logging.LogRecord("paraphe", logging.INFO, "", 0, words, None, None)
    record.created = at.timestamp()
    handler.emit(record)
    handler.close()


def test_a_day_is_sealed_deposited_and_goes_after_a_year(logs: Path) -> None:
    say(logs, "first", YESTERDAY)
    say(logs, "second", YESTERDAY)
    say(logs, "today", timezone.now())
    segments.keep(timezone.now())
    segments.keep(timezone.now())
    [row] = Deposit.objects.all()
    assert (row.section, row.subject[:10]) == ("operator", YESTERDAY.astimezone(UTC).date().isoformat())
    deposits.deposit(str(row.pk), owner="w", clock=timezone.now)
    row.refresh_from_db()
    assert row.state == Deposit.State.KEPT
    files = {each["name"]: each["sha256"] for each in json.loads(Vault().manifest("operator", row.archive_id))["files"]}
    with Vault().open("operator", row.archive_id, files[row.subject]) as pieces:
        assert [json.loads(line)["message"] for line in b"".join(pieces).splitlines()] == ["first", "second"]
    stem = row.subject.removesuffix(".jsonl")
    assert set(files) == {row.subject, f"{stem}.json", f"{stem}.p7s"}
    segments.keep(timezone.now() + timedelta(days=8))
    assert not (logs / row.subject).exists()
    segments.keep(timezone.now() + timedelta(days=367))
    row.refresh_from_db()
    assert (row.state, Vault().count("operator")) == (Deposit.State.DESTROYED, 0)


def test_a_day_that_is_not_here_is_waited_for(logs: Path) -> None:
    """Another host has the segment: its worker deposits it."""
    say(logs, "first", YESTERDAY)
    segments.keep(timezone.now())
    row = Deposit.objects.get()
    (logs / row.subject).rename(logs / "elsewhere")
    deposits.deposit(str(row.pk), owner="w", clock=timezone.now)
    row.refresh_from_db()
    assert (row.state, row.reason) == (Deposit.State.QUEUED, "FileNotFoundError")


def test_a_disk_that_takes_no_line_stops_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").write_text("a file in its place")
    say(tmp_path / "logs", "first", YESTERDAY)
    assert "FileExistsError" in capsys.readouterr().err
