"""`manage.py verify`: lines of JSON and an exit status."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.engine import authority
from tests.evidence.verify import files
from tests.pdfs import sound


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    path = tmp_path / "contrat signé (1).pdf"
    path.write_bytes(files.once().content)
    return path


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: authority.AT)


def verify(*arguments: str | Path) -> tuple[list[dict[str, Any]], int]:
    """What is printed, line by line, and the exit status."""
    printed, status = io.StringIO(), 0
    try:
        call_command("verify", *map(str, arguments), stdout=printed)
    except SystemExit as end:
        status = int(str(end.code))
    return [json.loads(line) for line in printed.getvalue().splitlines()], status


def root(folder: Path, encoding: Encoding = Encoding.PEM) -> Path:
    path = folder / "root.crt"
    path.write_bytes(authority.pki().root.certificate.public_bytes(encoding))
    return path


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_a_valid_file_exits_0(encoding: Encoding, signed: Path, tmp_path: Path) -> None:
    """Issue: exit 0 only where all are `valid`."""
    lines, status = verify(signed, "--root", root(tmp_path, encoding))
    assert [(line["file"], line["verdict"]) for line in lines] == [(str(signed), "valid")]
    assert status == 0


def test_a_name_with_emoji_is_valid_too(tmp_path: Path) -> None:
    path = tmp_path / "emoji.pdf"
    path.write_bytes(files.named("Zoé 😀", "Lèvre🎉").content)
    lines, status = verify(path, "--root", root(tmp_path))
    assert [line["verdict"] for line in lines] == ["valid"]
    assert status == 0


def test_one_file_that_is_not_valid_makes_it_exit_1(signed: Path, tmp_path: Path) -> None:
    unsigned = tmp_path / "unsigned.pdf"
    unsigned.write_bytes(sound.contract(1))
    lines, status = verify(signed, unsigned, tmp_path / "missing.pdf", "--root", root(tmp_path))
    assert [line["verdict"] for line in lines] == ["valid", "unsigned", "unreadable"]
    assert status == 1


def test_the_root_of_this_installation_is_trusted_unless_another_is_given(
    signed: Path, tmp_path: Path, settings: Settings
) -> None:
    settings.PKI_DIR = tmp_path / "pki"
    assert verify(signed)[0][0]["verdict"] == "untrusted"
    settings.PKI_DIR.mkdir()
    root(settings.PKI_DIR)
    assert verify(signed)[0][0]["verdict"] == "valid"


def test_a_root_that_is_none_is_an_error_of_whoever_asks(signed: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no certificate"):
        verify(signed, "--root", signed)
    with pytest.raises(CommandError, match="no certificate"):
        verify(signed, "--root", tmp_path / "nothing.crt")


@pytest.mark.parametrize(
    ("asked", "sentence"), [((), "Le fichier est vide."), (("--lang", "en"), "The file is empty.")]
)
def test_reasons_are_said_in_the_language_asked_for(asked: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    """Issue 3, part 6: codes for machines stay, sentences for people are French or English."""
    (tmp_path / "empty.pdf").write_bytes(b"")

    lines, status = verify(tmp_path / "empty.pdf", *asked)

    assert lines[0]["reasons"] == [{"code": "empty", "sentence": sentence}]
    assert status == 1
