"""The house's keys and certificates, for tests of the evidence that sign or stamp."""

import pytest

from tests.evidence import pki


@pytest.fixture
def ceremony(db: None) -> None:
    pki.hold()
