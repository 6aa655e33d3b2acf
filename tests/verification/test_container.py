"""The container of a dossier, and the verifier inside it (evidence.md, Dossier, 8)."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evidence import trails
from tests.evidence.trails import Walk
from tests.verification.containers import contained, verified

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [trails.signed, trails.refused])
def test_a_sound_container_is_verified_claim_by_claim(make: Callable[[], Walk], tmp_path: Path) -> None:
    told = contained(make(), tmp_path / "dossier.asice")
    status, claims = verified(tmp_path / "dossier.asice")
    print(claims)
    assert status == 0
    assert told.transaction.reference
