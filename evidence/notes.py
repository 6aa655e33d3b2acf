"""Signed notes as C2SP defines them: signed-note, tlog-checkpoint, tlog-proof. Text in, text out; Ed25519.

A checkpoint says: the log of this name (its origin) has this many leaves and this root. Whoever has the verifier key
can check it with any tool that knows the format.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
PROOF = "c2sp.org/tlog-proof@v1"
_HASH_BYTES = 32
_DASH = "— "


class NoteRefused(ValueError):
    """No note, or not one of this log."""


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes


def checkpoint(said: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The signed note of a state of the log, whose origin is also the key's name."""
    text = f"{said.origin}\n{said.size}\n{_base64(said.root)}\n"
    signature = _base64(_key_id(said.origin, key.public_key()) + key.sign(text.encode()))
    return f"{text}\n{_DASH}{said.origin} {signature}\n"


def opened(note: str, origin: str, key: Ed25519PublicKey) -> Checkpoint:
    """What a checkpoint says that this key signed. Raises NoteRefused."""
    said = read(signed_text(note, origin, key))
    if said.origin != origin:
        raise NoteRefused(f"a note of {said.origin}")
    return said


def signed_text(note: str, name: str, key: Ed25519PublicKey) -> str:
    """The text of a note that this key signed; signatures of others beside it are passed over. Raises NoteRefused."""
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NoteRefused("no signed note")
    text += "\n"
    if not any(_is_signed(line, text, name, key) for line in signatures.splitlines()):
        raise NoteRefused(f"no signature of {name}")
    return text


def read(text: str) -> Checkpoint:
    """What a checkpoint says, its signature unseen. Raises NoteRefused."""
    lines = text.split("\n")
    try:
        origin, size, root = lines[:3]
        said = Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
    except (ValueError, binascii.Error) as error:
        raise NoteRefused("no checkpoint") from error
    if size != str(said.size) or said.size < 0 or len(said.root) != _HASH_BYTES or not origin:
        raise NoteRefused("no checkpoint")
    return said


def verifier_key(origin: str, key: Ed25519PublicKey) -> str:
    """The key as verifiers of notes take it (signed-note, "vkey")."""
    return f"{origin}+{_key_id(origin, key).hex()}+{_base64(ED25519 + key.public_bytes_raw())}"


def inclusion_proof(index: int, hashes: Sequence[bytes], note: str) -> str:
    """A proof of inclusion with the checkpoint that it leads to, in one text (tlog-proof)."""
    return "\n".join([PROOF, f"index {index}", *map(_base64, hashes), "", note])


def read_proof(proof: str) -> tuple[int, list[bytes]]:
    """Index and hashes of a tlog-proof, its checkpoint left aside. Raises NoteRefused."""
    head, _, _ = proof.partition("\n\n")
    try:
        kind, index, *hashes = head.split("\n")
        found = [base64.b64decode(each, validate=True) for each in hashes]
        if kind != PROOF or not index.startswith("index "):
            raise NoteRefused("no proof of inclusion")
        return int(index.removeprefix("index ")), found
    except (ValueError, binascii.Error) as error:
        raise NoteRefused("no proof of inclusion") from error


def _is_signed(line: str, text: str, expected: str, key: Ed25519PublicKey) -> bool:
    name, _, written = line.removeprefix(_DASH).partition(" ")
    try:
        signature = base64.b64decode(written, validate=True)
        if not line.startswith(_DASH) or name != expected or signature[:4] != _key_id(name, key):
            return False
        key.verify(signature[4:], text.encode())
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def _key_id(name: str, key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + key.public_bytes_raw()).digest()[:4]


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
