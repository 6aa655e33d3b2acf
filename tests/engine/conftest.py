"""A file to sign, and the place of the signed one."""

from pathlib import Path

import pytest

from tests.pdfs import sound


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.pdf"
    path.write_bytes(sound.contract())
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "signed.pdf"
