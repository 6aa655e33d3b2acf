"""`manage.py check --deploy` refuses production with what is a sandbox's (issue, part 7), and passes a right one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RIGHT = {
    "SANDBOX": "0",
    "POLICY_ARC": "1.3.6.1.4.1.99999.6",
    "PUBLIC_URL": "https://signature.exemple.fr",
    "PKI_URL": "http://pki.exemple.fr/pki",
    "OPERATOR_NAME": "Exemple Services",
    "OPERATOR_IDENTIFIER": "NTRFR-552100554",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "SMS_CARRIER": "tests.config.test_deploy.Carrier",
    "SECRET_KEY": "un secret de cinquante lettres au moins, et bien plus varié que cela 0123456789",
}


def manage(state: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = os.environ | RIGHT | {"STATE_DIR": str(state), "DJANGO_SETTINGS_MODULE": "config.settings"} | environment
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder whose ceremony was held under the operator's arc."""
    folder = tmp_path_factory.mktemp("deploy")
    held = manage(folder, "ceremony")
    assert held.returncode == 0, held.stderr
    return folder


def test_a_right_production_passes(state: Path) -> None:
    done = manage(state, "check", "--deploy")
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"SANDBOX": "1"}, "E001"),
        ({"PKI_DIR": "/nowhere"}, "E002"),
        ({"POLICY_ARC": ""}, "E003"),
        ({"OPERATOR_IDENTIFIER": "NTRFR-000000000"}, "E004"),
        ({"EMAIL_BACKEND": "otp.delivery.mailbox.MailboxBackend"}, "E005"),
        ({"SMS_CARRIER": "otp.delivery.mailbox.MailboxCarrier"}, "E005"),
        ({"PUBLIC_URL": "http://signature.exemple.fr"}, "E006"),
        ({"PUBLIC_URL": "https://localhost:8443"}, "E006"),
        ({"PKI_URL": "http://127.0.0.1:8080/pki"}, "E007"),
        ({"PKI_URL": "http://192.168.1.2/pki"}, "E007"),
        ({"PKI_URL": "http://pki.exemple.internal/pki"}, "E007"),
        ({"CALLBACK_PRIVATE": "1"}, "E008"),
        ({"TSA_URLS": "http://tsa.exemple.fr"}, "E009"),
    ],
)
def test_what_is_a_sandboxes_is_refused(state: Path, changed: dict[str, str], number: str) -> None:
    done = manage(state, "check", "--deploy", **changed)
    assert done.returncode != 0
    assert f"paraphe.{number}" in done.stderr
    assert "HINT" in done.stderr


def test_keys_of_a_sandbox_are_known_by_their_certificates(tmp_path: Path) -> None:
    """Whatever the settings say afterwards."""
    for name, sandboxes in {
        "POLICY_ARC": "",
        "OPERATOR_IDENTIFIER": "NTRFR-000000000",
        "PKI_URL": "http://127.0.0.1:8080/pki",
    }.items():
        state = tmp_path / name
        assert manage(state, "ceremony", **{name: sandboxes}).returncode == 0
        assert "paraphe.E003" in manage(state, "check", "--deploy").stderr, name


def test_certificates_that_say_their_lists_elsewhere_are_refused(state: Path) -> None:
    """A stranger would look for them there, and not find them."""
    assert "paraphe.E010" in manage(state, "check", "--deploy", PKI_URL="http://autre.exemple.fr/pki").stderr


def test_the_practice_statement_of_a_production_is_the_operators(state: Path) -> None:
    statement = state / "pki" / "cps.txt"
    assert "bac à sable\n" not in statement.read_text().split("Politiques")[0]
    assert not (state / "sandbox" / "README").exists()
    written = statement.read_text()
    statement.write_text("Énoncé des pratiques d'Exemple Services\n")
    assert manage(state, "ceremony").returncode == 0
    assert statement.read_text() == "Énoncé des pratiques d'Exemple Services\n"
    statement.write_text(written)
