"""The key that signs the log's checkpoints: made with the others, kept as a file, its public half beside them."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from evidence.disk import write
from signing.backend.ceremony import CeremonyRefused, Step


def step(keys: Path, public: Path) -> Step:
    """Make the key where there is none. Raises CeremonyRefused where its public half is there alone, or another."""
    secret, shown = keys / "log.key", public / "log.pem"
    if not secret.exists():
        if shown.exists():
            raise CeremonyRefused("La clé log.key du registre manque : rendez-la, ou retirez log.pem avec LOG_ORIGIN.")
        key = Ed25519PrivateKey.generate()
        write(secret, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)
        write(shown, _public(key), mode=0o644)
        return Step(secret.name, "made")
    written = _public(_load(secret))
    if shown.exists() and shown.read_bytes() != written:
        raise CeremonyRefused("log.key et log.pem ne vont pas ensemble.")
    write(shown, written, mode=0o644)
    return Step(secret.name, "kept")


def _load(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise CeremonyRefused(f"La clé {path.name} ne se lit pas : {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CeremonyRefused(f"La clé {path.name} n'est pas Ed25519.")
    return key


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
