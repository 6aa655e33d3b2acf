"""Issue 4, part 2: opening an account as an operator does it, and rotating its certificate."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from otp.models import Policy
from signing.clients import certificates
from signing.clients.handover import FILES
from signing.clients.models import AccessCertificate, Client
from tests.evidence import pki


@pytest.fixture(autouse=True)
def _authority(db: None) -> None:
    pki.hold()


def run(*arguments: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out)
    return dict(json.loads(out.getvalue()))


def der(folder: Path) -> bytes:
    return x509.load_pem_x509_certificate((folder / "client.crt").read_bytes()).public_bytes(Encoding.DER)


def test_an_account_is_opened_in_one_step(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "account"
    told = run("open_account", "NOU", "Nouvelle SA", "--out", folder, "--network", "203.0.113.0/24")
    client = Client.objects.get(code="NOU")
    assert told["client"] == "NOU"
    assert told["password"]
    assert {path.name for path in folder.iterdir()} == set(FILES)
    assert certificates.client_of(der(folder), at=now()) == client
    assert (client.networks, client.policy.name) == ("203.0.113.0/24", "Standard")


def test_a_second_certificate_overlaps_the_first(tmp_path: Path) -> None:
    run("open_account", "NOU", "Nouvelle SA", "--out", tmp_path / "one")
    told = run("rotate_access", "NOU", "--out", tmp_path / "two")
    assert told["certificates"] == 2
    for name in ("one", "two"):
        assert certificates.client_of(der(tmp_path / name), at=now()).code == "NOU"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("NOU", "Nouvelle SA", "--network", "exemple.fr"), "exemple.fr"),
        (("NOU", ""), "vide"),
        (("NOU", "Nouvelle\x0bSA"), "invisible"),
        (("nou", "Nouvelle SA"), "majuscules"),
        (("N O", "Nouvelle SA"), "lettres"),
        (("EXS", "Encore"), "existe"),
        (("NOU", "Nouvelle SA", "--policy", "Standart"), "Aucune politique de code ne s’appelle Standart ; il y a : S"),
    ],
)
def test_what_cannot_be_opened_is_told_and_leaves_nothing(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    run("open_account", "EXS", "Exemple SA", "--out", tmp_path / "first")
    with pytest.raises(CommandError, match=said):
        run("open_account", *arguments, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert (Client.objects.count(), AccessCertificate.objects.count()) == (1, 1)
    assert Policy.objects.count() == 1


def test_nobody_rotates_an_unknown_client(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="aucun client XXX"):
        run("rotate_access", "XXX", "--out", tmp_path)
