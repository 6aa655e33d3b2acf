"""Issue 4, part 2: opening an account as an operator does it, and rotating its certificate."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from otp.models import Alarm, Policy
from signing.clients import certificates, expiry
from signing.clients.alarm_admin import sentence
from signing.clients.handover import FILES
from signing.clients.models import AccessCertificate, Client
from tests.evidence import pki
from tests.signing import walks


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


def test_a_client_of_the_administration_is_told_how_it_gets_its_first_access(tmp_path: Path) -> None:
    """docs/stack.md: whoever opens an account over it reads the one command that gives it access, and it does."""
    walks.a_client()
    with pytest.raises(CommandError, match=r"rotate_access EXS --out DOSSIER lui donne un premier certificat"):
        run("open_account", "EXS", "Exemple SA", "--out", tmp_path / "one")
    run("rotate_access", "EXS", "--out", tmp_path / "one")
    assert certificates.client_of(der(tmp_path / "one"), at=now()).code == "EXS"


def listed(*arguments: str) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("list_access", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("way", ["serial", "sha256"])
def test_a_certificate_whose_file_is_gone_is_revoked_by_what_the_list_says(tmp_path: Path, way: str) -> None:
    run("open_account", "NOU", "Nouvelle SA", "--out", tmp_path / "one")
    run("rotate_access", "NOU", "--out", tmp_path / "two")
    run("open_account", "AUT", "Autre SA", "--out", tmp_path / "other")
    lost = next(each for each in listed("NOU") if each["sha256"] == certificates.fingerprint(der(tmp_path / "one")))
    written = ":".join(lost[way][n : n + 2] for n in range(0, len(lost[way]), 2)).upper()
    with pytest.raises(CommandError, match="aucun client"):
        call_command("revoke_access", "--client", "AUT", f"--{way}", written)
    call_command("revoke_access", "--client", "NOU", f"--{way}", written, stdout=io.StringIO())
    assert {each["sha256"]: each["state"] for each in listed("NOU")} == {
        lost["sha256"]: "revoked",
        certificates.fingerprint(der(tmp_path / "two")): "good",
    }
    assert [each["state"] for each in listed()].count("good") == 2
    with pytest.raises(certificates.NotAdmitted, match="révoqué"):
        certificates.client_of(der(tmp_path / "one"), at=now())


def test_what_names_no_certificate_revokes_none(tmp_path: Path) -> None:
    run("open_account", "NOU", "Nouvelle SA", "--out", tmp_path / "one")
    for words in (
        (),
        ("--client", "NOU"),
        ("--serial", "1"),
        (str(tmp_path / "one/client.crt"), "--client", "NOU", "--serial", "1"),
    ):
        with pytest.raises(CommandError, match="donnez le fichier"):
            call_command("revoke_access", *words)
    assert {each["state"] for each in listed()} == {"good"}
    with pytest.raises(CommandError, match="aucun client XXX"):
        listed("XXX")


def test_the_operator_is_warned_before_a_client_s_access_ends() -> None:
    """Once a day from a month before; a client that has its next certificate is none of it."""
    client, rotated = walks.a_client(), walks.a_client(code="AUT")
    at = now()
    for owner, days in ((client, 20), (rotated, 20), (rotated, 400)):
        AccessCertificate.objects.create(
            client=owner,
            fingerprint=f"{owner.pk:032d}{days:032d}",
            serial=f"{owner.pk}{days}",
            not_before=at - timedelta(days=300),
            not_after=at + timedelta(days=days, hours=1),
        )
    assert expiry.watch(at - timedelta(days=12)) == []
    (alarm,) = expiry.watch(at)
    assert (alarm.tenant, alarm.kind, alarm.count) == (str(client.pk), Alarm.Kind.ACCESS, 20)
    assert "20" in sentence(alarm)
    assert expiry.watch(at) == []
    assert len(expiry.watch(at + timedelta(days=1))) == 1


def test_nobody_rotates_an_unknown_client(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="aucun client XXX"):
        run("rotate_access", "XXX", "--out", tmp_path)


def test_a_key_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    run("open_account", "NOU", "Nouvelle SA", "--out", tmp_path / "one")
    before = (tmp_path / "one" / "client.key").read_bytes()
    for words in (("rotate_access", "NOU"), ("open_account", "AUT", "Autre SA")):
        with pytest.raises(CommandError, match="déjà une clé"):
            run(*words, "--out", tmp_path / "one")
    assert (tmp_path / "one" / "client.key").read_bytes() == before
    assert not Client.objects.filter(code="AUT").exists()
    assert AccessCertificate.objects.count() == 1
