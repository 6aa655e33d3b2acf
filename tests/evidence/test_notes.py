"""Signed notes of C2SP: against a public vector, against openssl, and what is refused."""

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from evidence import notes

ORIGIN = "paraphe.example/log"
ROOT = bytes(range(32))
# The example of the signed-note specification and of Go's x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def note(key: Ed25519PrivateKey) -> str:
    return notes.checkpoint(notes.Checkpoint(ORIGIN, 42, ROOT), key)


def test_a_public_vector() -> None:
    name, _, written = NEUMANN.split("+", 2)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(written)[1:])
    assert notes.signed_text(NEUMANN_NOTE, name, public).endswith("what your problem is.\n")
    assert notes.verifier_key(name, public) == NEUMANN


def test_a_checkpoint_says_what_it_was_made_of(key: Ed25519PrivateKey, note: str) -> None:
    assert note.startswith(f"{ORIGIN}\n42\n{base64.b64encode(ROOT).decode()}\n\n— {ORIGIN} ")
    assert notes.opened(note, ORIGIN, key.public_key()) == notes.Checkpoint(ORIGIN, 42, ROOT)
    beside = f"{note}— witness.example AAAAAAAAAAAA\n"
    assert notes.opened(beside, ORIGIN, key.public_key()).size == 42


def test_openssl_verifies_it(key: Ed25519PrivateKey, note: str, tmp_path: Path) -> None:
    text, signatures = note.rsplit("\n\n", 1)
    (tmp_path / "text").write_text(f"{text}\n")
    (tmp_path / "signature").write_bytes(base64.b64decode(signatures.split(" ")[2])[4:])
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(public)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in text -sigfile signature"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "Signature Verified Successfully" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n42\n", "\n43\n"),
        ("\n42\n", "\n042\n"),
        (f"{ORIGIN}\n42", "other.example\n42"),
        (f"— {ORIGIN}", "— other.example"),
        ("— ", "- "),
        ("\n\n", "\n"),
        ("AAECAwQF", "AQECAwQF"),
    ],
)
def test_a_note_that_was_changed_is_refused(key: Ed25519PrivateKey, note: str, old: str, new: str) -> None:
    assert old in note
    with pytest.raises(notes.NoteRefused):
        notes.opened(note.replace(old, new, 1), ORIGIN, key.public_key())


@pytest.mark.parametrize(
    "text", ["", "\n", "a\nb\nc\n", "a\n1\nAAAA\n", "\n1\n" + "A" * 44, "a\n-1\n" + "A" * 43 + "=\n"]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(notes.NoteRefused):
        notes.read(text)


def test_another_key_and_another_name_are_refused(key: Ed25519PrivateKey, note: str) -> None:
    with pytest.raises(notes.NoteRefused, match="no signature"):
        notes.opened(note, ORIGIN, Ed25519PrivateKey.generate().public_key())
    with pytest.raises(notes.NoteRefused, match="no signature"):
        notes.opened(note, "other.example", key.public_key())


def test_a_proof_carries_its_checkpoint(note: str) -> None:
    text = notes.inclusion_proof(7, [ROOT, ROOT], note)
    encoded = base64.b64encode(ROOT).decode()
    assert text == f"c2sp.org/tlog-proof@v1\nindex 7\n{encoded}\n{encoded}\n\n{note}"
