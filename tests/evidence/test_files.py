"""Files under the names of their digests: what is taken in goes from where it was, whole and once."""

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from evidence import files

CONTENT = b"%PDF-1.7 contract"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, settings: Any) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    place = tmp_path / "document.pdf"
    place.write_bytes(CONTENT)
    return place


def test_a_file_is_moved_and_not_copied(source: Path) -> None:
    inode = source.stat().st_ino
    assert files.take(source) == SHA256
    kept = files.path_of(SHA256)
    assert kept.stat().st_ino == inode
    assert kept.stat().st_mode & 0o777 == 0o440
    assert not source.exists()


def test_the_same_again_is_kept_once(source: Path, tmp_path: Path) -> None:
    files.take(source)
    inode = files.path_of(SHA256).stat().st_ino
    again = tmp_path / "again.pdf"
    again.write_bytes(CONTENT)
    assert files.take(again) == SHA256
    assert files.path_of(SHA256).stat().st_ino == inode
    assert not again.exists()


def test_from_another_file_system_it_is_copied(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def across(here: Path, there: Path) -> Path:
        if here == source:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(here, there)

    monkeypatch.setattr(Path, "rename", across)
    assert files.take(source) == SHA256
    assert files.read(SHA256) == CONTENT
    assert not source.exists()


def test_another_failure_is_told(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_here: Path, _there: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        files.take(source)
    with pytest.raises(files.Missing):
        files.path_of(SHA256)


def test_what_cannot_be_flushed_is_told(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"), files.flushing(source):
        pass
