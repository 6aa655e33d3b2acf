"""DESIGN, Secrets: the web process never opens a signing key; reliability.md, Images: only the worker mounts them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from signing.actions import signature
from signing.models import Signer
from signing.states import SignerState
from tests.evidence import pki
from tests.signing import walks
from tests.signing.views.browser import Browser


@pytest.fixture
def worker(walk: Path, settings: Settings) -> Callable[[], int]:
    """Does the jobs with the keys at hand; whatever else runs finds no folder of keys."""
    pki.hold()
    keys, absent = settings.KEYS_DIR, walk / "absent"

    def work() -> int:
        settings.KEYS_DIR = keys
        try:
            return walks.work()
        finally:
            settings.KEYS_DIR = absent

    settings.KEYS_DIR = absent
    return work


def test_a_path_is_walked_without_a_key_in_the_web_process(
    walk: Path, worker: Callable[[], int], settings: Settings
) -> None:
    """From the envelope to the files handed back."""
    created = walks.an_envelope(walk)
    browser = Browser()
    url = browser.open(created)
    assert browser.get(url).status_code == 200
    signer = walks.agreed(walks.read(Signer.objects.get()))
    signature.click_sign(signer=signer, actor=walks.actor(), at=walks.now())
    worker()
    assert browser.get(f"{url}code").status_code == 200
    assert browser.post(f"{url}code", {"code": walks.newest_code()})["Location"] == f"{url}progress"
    assert browser.get(f"{url}progress/status").json()["next"] is None
    worker()

    assert walks.fresh(signer).state == SignerState.SIGNED
    assert browser.bytes_of(f"{url}signed/1.pdf")
    assert not settings.KEYS_DIR.exists()
