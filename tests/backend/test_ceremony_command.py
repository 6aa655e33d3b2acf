"""`manage.py ceremony`: what it hands out, says and refuses."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from signing.backend import pki
from tests.backend.ceremonies import snapshot


@pytest.fixture
def state(tmp_path: Path, settings: Any) -> Path:
    settings.KEYS_DIR, settings.PKI_DIR, settings.SANDBOX_DIR = (
        tmp_path / "keys",
        tmp_path / "pki",
        tmp_path / "sandbox",
    )
    settings.PUBLIC_URL = "https://paraphe.example.com"
    return tmp_path


def command() -> str:
    said = io.StringIO()
    call_command("ceremony", stdout=said)
    return said.getvalue()


def test_the_command_hands_out_the_roots_and_says_what_it_did(state: Path) -> None:
    """Interfaces: STATE_DIR/sandbox/ root.crt, tls-root.crt, README."""
    first = command()
    assert "fait" in first or "faite" in first
    sandbox, public = state / "sandbox", state / "pki"
    assert (sandbox / "root.crt").read_bytes() == (public / "root.crt").read_bytes()
    assert (sandbox / "tls-root.crt").read_bytes() == (public / "access.crt").read_bytes()
    assert "Adobe" in (sandbox / "README").read_text(encoding="utf-8")
    assert pki.declared().policies["signer"] in (public / "cps.txt").read_text(encoding="utf-8")


def test_the_command_said_twice_changes_nothing_and_says_so(state: Path) -> None:
    command()
    (state / "sandbox" / "README").write_text("with passwords")
    before = snapshot(state)
    assert "rien n'a changé" in command()
    assert snapshot(state) == before


def test_the_command_fails_in_a_sentence(state: Path) -> None:
    command()
    (state / "keys" / "root.key").unlink()
    with pytest.raises(CommandError, match=r"sa clé root\.key manque"):
        command()
