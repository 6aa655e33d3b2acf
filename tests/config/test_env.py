"""What the environment says: issue 3, Stack, "secrets as files"."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.env import BASE_DIR, env, secret
from config.listeners import PORTS

READ = re.compile(r'\benv\.[a-z]+\(\s*"([A-Z0-9_]+)"')


def test_a_value_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker puts each secret into a file; editors end files with a line break."""
    (tmp_path / "url").write_text("redis://:word@redis/0\n")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://ignored")
    monkeypatch.setenv("CELERY_BROKER_URL_FILE", str(tmp_path / "url"))

    assert env.str("CELERY_BROKER_URL") == "redis://:word@redis/0"


def test_a_file_that_is_not_there_is_no_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that was not mounted must not become a database of one's own."""
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "absent"))

    with pytest.raises(FileNotFoundError):
        env.str("DATABASE_URL", default="sqlite:///db")


def test_a_secret_that_is_given_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process without the folder of keys lives by what it is given."""
    (tmp_path / "given").write_text("from the file\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "given"))

    assert secret("secret_key", folder=tmp_path / "keys") == "from the file"
    assert not (tmp_path / "keys").exists()


def test_a_secret_that_is_not_given_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("SECRET_KEY_FILE", raising=False)

    made = secret("secret_key", folder=tmp_path / "keys")

    assert len(made) == 64
    assert secret("secret_key", folder=tmp_path / "keys") == made


def test_every_setting_is_told() -> None:
    """docs/settings.md is for operators: all that the code reads, and nothing that it does not."""
    told = {
        name
        for line in (BASE_DIR / "docs/settings.md").read_text().splitlines()
        if line.startswith("| `")
        for name in re.findall("`([A-Z0-9_]+)`", line.split("|")[1])
    }

    assert told == set(_read_by_the_code()) | {each for each, _ in PORTS.values()} | {"SECRET_KEY"}


def _read_by_the_code() -> Iterator[str]:
    for folder in ("config", "signing", "evidence", "otp"):
        for file in (BASE_DIR / folder).rglob("*.py"):
            yield from READ.findall(file.read_text())
