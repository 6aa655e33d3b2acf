"""What SIGNING_GATEWAY asks for is there, or nothing starts."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from signing.gateway.checks import ADAPTER, another_certsign
from tests.evidence import pki


def found() -> list[tuple[str | None, str]]:
    return [(each.id, each.msg.split(" ")[0]) for each in another_certsign(None)]


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The adapter named, and everything given."""
    root = str(pki.hold() / "root.crt")
    given = settings.CERTSIGN | {"url": "https://certsign.example", "name": "CertSign"}
    given |= dict.fromkeys(("certificate", "key", "ca", "roots"), root)
    monkeypatch.setattr(settings, "SIGNING_GATEWAY", ADAPTER)
    monkeypatch.setattr(settings, "CERTSIGN", given)
    return given


def test_nothing_is_asked_for_where_we_sign_ourselves() -> None:
    assert found() == []


def test_everything_given_is_enough(complete: dict[str, object]) -> None:
    assert found() == []


@pytest.mark.parametrize("name", ["url", "name", "certificate", "key", "ca", "roots"])
def test_what_is_missing_is_named_and_stops(complete: dict[str, object], name: str) -> None:
    complete[name] = ""
    assert found() == [("signing.E001", f"CERTSIGN_{name.upper()}")]
    with pytest.raises(SystemCheckError, match=f"CERTSIGN_{name.upper()} manque"):
        call_command("check")


@pytest.mark.parametrize(
    "url", ["http://certsign.example", "certsign.example", "https://a:b@c.example", "https://c/?q"]
)
def test_the_address_is_one_that_can_be_called(complete: dict[str, object], url: str) -> None:
    complete["url"] = url
    assert found() == [("signing.E002", "CERTSIGN_URL")]


def test_a_file_that_is_not_here_is_a_warning(complete: dict[str, object]) -> None:
    """Only the worker has the key."""
    complete["key"] = "/absent/client.key"
    assert found() == [("signing.W001", "CERTSIGN_KEY")]


def test_roots_without_a_certificate_stop(complete: dict[str, object]) -> None:
    complete["roots"] = __file__
    assert found() == [("signing.E003", "CERTSIGN_ROOTS")]
