"""Two containers that the tests of this folder look at, and change copies of."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.evidence import rental, trails
from tests.verification.containers import contained


@pytest.fixture(scope="session")
def two(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The containers of two envelopes, made once: what follows only reads them."""
    folder = tmp_path_factory.mktemp("containers")
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock(), transaction.atomic():
        patched.setattr(settings, "CHECKPOINTS_DIR", folder / "checkpoints")
        contained(trails.signed(), folder / "one.asice")
        contained(
            trails.signed(last_name="Durand", papers=(rental.contract(5), rental.terms())), folder / "other.asice"
        )
        transaction.set_rollback(True)
    return folder / "one.asice", folder / "other.asice"
