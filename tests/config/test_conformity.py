"""CONFORMITY: certificates of conformity as the operator states them in the environment."""

from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.conformity import Certificate, conformity


def test_nothing_is_stated_where_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONFORMITY", raising=False)
    assert conformity() == ()


def test_several_certificates_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "CONFORMITY", "1.2.250.1.99|LNE-12345|2025-01-15|2027-01-14; 0.4.0.2023.1.1|TSA 7|2026-01-01|2026-12-31;"
    )
    assert conformity() == (
        Certificate("1.2.250.1.99", "LNE-12345", date(2025, 1, 15), date(2027, 1, 14)),
        Certificate("0.4.0.2023.1.1", "TSA 7", date(2026, 1, 1), date(2026, 12, 31)),
    )


@pytest.mark.parametrize(
    "written",
    [
        "LNE-12345",
        "1.2.3|LNE|2025-01-15",
        "policy|LNE|2025-01-15|2027-01-14",
        "1.2.3||2025-01-15|2027-01-14",
        "1.2.3|LNE|15/01/2025|2027-01-14",
        "1.2.3|LNE|2027-01-14|2025-01-15",
    ],
)
def test_what_cannot_be_meant_stops_the_start(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFORMITY", written)
    with pytest.raises(ImproperlyConfigured, match=r"CONFORMITY: policy\|reference"):
        conformity()
