"""The house whose page verifies."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.engine import authority
from tests.evidence.views.handed_in import trust


@pytest.fixture
def house(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house whose root is the tests', a moment after they signed."""
    settings.PKI_DIR, settings.WORK_DIR = tmp_path / "pki", tmp_path / "work"
    trust(settings, authority.pki().root.certificate)
    monkeypatch.setattr(timezone, "now", lambda: authority.AT)
    return tmp_path
