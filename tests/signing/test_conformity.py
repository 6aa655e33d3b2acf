"""What the operator states of certificates of conformity goes into the first entry of what is opened."""

from datetime import date
from pathlib import Path

from pytest_django.fixtures import Settings

from config.conformity import Certificate
from evidence import trail
from evidence.dossier import parties
from evidence.dossier.story import Story
from tests.signing import walks


def test_it_is_told_when_an_envelope_is_opened(walk: Path, settings: Settings) -> None:
    settings.CONFORMITY = (Certificate("1.2.250.1.99", "LNE-12345", date(2025, 1, 15), date(2027, 1, 14)),)
    row = walks.opened(walks.an_envelope(walk)).envelope.trail
    created, *_ = trail.entries(row)
    assert created.data["conformity"] == [
        {
            "policy": "1.2.250.1.99",
            "reference": "LNE-12345",
            "valid_from": "2025-01-14T23:00:00.000Z",
            "valid_to": "2027-01-14T22:59:59.999Z",
        }
    ]
    assert parties.parties(Story(tuple(trail.entries(row)), "s")).third_parties == ()


def test_where_nothing_is_stated_nothing_is_told(walk: Path) -> None:
    created, *_ = trail.entries(walks.opened(walks.an_envelope(walk)).envelope.trail)
    assert "conformity" not in created.data
