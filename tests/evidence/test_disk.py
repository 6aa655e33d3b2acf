"""Writing a file: whole, or not at all."""

from pathlib import Path

import pytest

from evidence import disk


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    disk.write(path, b"old", mode=0o600)

    def full(_: int) -> None:
        raise OSError("no space")

    monkeypatch.setattr("evidence.disk.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        disk.write(path, b"new", mode=0o600)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"
