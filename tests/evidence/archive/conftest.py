"""Archives of the tests: each has two empty shelves of its own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _vault_of_its_own(tmp_path: Path, settings: Any) -> None:
    settings.VAULT_DIRS = [tmp_path / "first", tmp_path / "second"]
