import pytest

from signing.clients import certificates


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """RSA keys of 3 072 bits take seconds on a busy machine."""
    monkeypatch.setattr(certificates, "KEY_BITS", 2048)
