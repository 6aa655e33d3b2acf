"""`check --deploy` says what keeps keys from being used (docs/keys.md): a token, names, addresses of authorities."""

import shutil
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from evidence import keys
from evidence.tokens import Token
from otp.models import Policy
from signing.backend import checks
from tests.evidence import pki, softhsm

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def held() -> Token:
    """A token with nothing in it."""
    return softhsm.token(f"c-{uuid.uuid4().hex[:12]}")


@pytest.fixture(autouse=True)
def _house(settings: Any) -> None:
    """Keys and certificates of a ceremony, in files."""
    pki.hold()
    settings.PKCS11_KEYS, settings.TSA_URLS = [], []


def told(number: str) -> list[str]:
    found = [*checks._of_keys(), *checks._of_settings()]
    assert all(each.hint for each in found)
    return [each.msg for each in found if each.id == f"paraphe.{number}"]


def test_keys_that_open_are_not_spoken_of() -> None:
    assert (told("E011"), told("E012"), told("E013")) == ([], [], [])


@pytest.mark.parametrize("wrong", [{"PIN": "000000"}, {"TOKEN": "autre"}, {"MODULE": "/nowhere.so"}, {}])
def test_a_token_that_does_not_give_a_key_is_told(held: Token, settings: Any, wrong: dict[str, str]) -> None:
    """Wrong PIN, no such token, no library, no such key: orders would wait for it."""
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN, settings.PKCS11_PIN = held.module, held.label, held.pin
    for name, value in wrong.items():
        setattr(settings, f"PKCS11_{name}", value)
    settings.PKCS11_KEYS = ["seal"]
    (said,) = told("E012")
    assert "« seal »" in said
    assert held.pin not in said


def test_a_key_file_that_is_gone_is_told_where_keys_are(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path
    assert len(told("E012")) == 4
    settings.TSA_URLS = ["https://tsa.exemple.fr"]
    assert len(told("E012")) == 3  # our own unit stamps nothing then
    settings.KEYS_DIR = tmp_path / "absent"  # a listener has no keys
    assert told("E012") == []


def test_a_name_that_is_none_is_told(settings: Any) -> None:
    """Its key would stand in a file, and the operator takes it to be in the token."""
    settings.PKCS11_KEYS = ["issuing", "sealing"]
    (said,) = told("E011")
    assert said.endswith(": sealing")
    with pytest.raises(CommandError, match="sealing"):
        call_command("ceremony")
    assert {"issuing", "seal"} < keys.NAMES


@pytest.mark.parametrize("url", ["ftp://tsa.exemple.fr", "tsa.exemple.fr", "http://"])
def test_an_authority_that_is_no_address_is_told(settings: Any, url: str) -> None:
    settings.TSA_URLS = ["https://tsa.exemple.fr/tsr", url]
    assert len(told("E013")) == 1


@pytest.mark.parametrize(
    ("ways", "refused"), [([], True), (["email"], False), (["email", "sms"], True), (["email", ""], True)]
)
def test_sms_need_a_carrier_where_a_policy_lets_them_go_out(settings: Any, ways: list[str], *, refused: bool) -> None:
    """Before the first client it is not known yet: its policy does."""
    settings.EMAIL_BACKEND = "otp.delivery.smtp.SmtpBackend"
    settings.SMS_CARRIER = "otp.delivery.mailbox.MailboxCarrier"
    Policy.objects.all().delete()
    Policy.objects.bulk_create(Policy(name=way or "either", way=way) for way in ways)
    assert told("E005") == (["Les SMS vont à la boîte du bac à sable."] if refused else [])
    settings.SMS_CARRIER = "otp.delivery.kannel.KannelCarrier"
    assert told("E005") == []


def test_a_list_of_the_root_that_is_not_there_is_told(settings: Any, tmp_path: Path) -> None:
    assert told("E014") == []
    shutil.copytree(settings.PKI_DIR, tmp_path / "pki")
    settings.PKI_DIR = tmp_path / "pki"
    (tmp_path / "pki" / "root.crl").unlink()
    assert len(told("E014")) == 1


def test_a_certificate_past_its_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own time stamping is the first to end, after three years."""
    assert told("E015") == []
    monkeypatch.setattr(checks, "now", lambda: now() + timedelta(days=1096))
    (said,) = told("E015")
    assert "tsa.crt" in said
