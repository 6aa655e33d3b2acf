"""The one-use key (DESIGN: one-use means one use)."""

import copy
import hashlib
import pickle

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signing.engine.keys import KeyDestroyed, OneUseKey


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_it_signs_what_its_public_key_verifies(digest: str) -> None:
    key = OneUseKey.generate()
    signature = key.sign(b"contract", digest)
    algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest]
    key.public_key.verify(signature, b"contract", ec.ECDSA(algorithm))
    with pytest.raises(InvalidSignature):
        key.public_key.verify(signature, b"another", ec.ECDSA(algorithm))


def test_it_counts_its_uses() -> None:
    """evidence.md, XML: Key (algorithm, means, created, uses, destroyed)."""
    key = OneUseKey.generate()
    assert key.uses == 0
    key.sign(b"one", "sha256")
    key.sign(b"two", "sha256")
    assert key.uses == 2


def test_a_refused_digest_is_no_use() -> None:
    key = OneUseKey.generate()
    with pytest.raises(ValueError, match="sha1"):
        key.sign(b"contract", "sha1")
    assert key.uses == 0


def test_every_use_after_destruction_is_refused() -> None:
    key = OneUseKey.generate()
    key.sign(b"contract")
    key.destroy()
    key.destroy()
    with pytest.raises(KeyDestroyed):
        key.sign(b"contract")
    assert (key.uses, key.destroyed) == (1, True)


def test_its_public_half_stays_readable() -> None:
    key = OneUseKey.generate()
    spki = key.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key.destroy()
    assert key.spki_sha256 == hashlib.sha256(spki).hexdigest()


def test_it_is_of_the_curve_of_the_profile() -> None:
    """evidence.md, Certificates: one-use signer, EC P-256."""
    assert isinstance(OneUseKey.generate().public_key.curve, ec.SECP256R1)
    with pytest.raises(ValueError, match="P-256"):
        OneUseKey(ec.generate_private_key(ec.SECP384R1()))


@pytest.mark.parametrize("leak", [pickle.dumps, copy.copy, copy.deepcopy])
def test_it_is_never_serialised_nor_copied(leak: object) -> None:
    assert callable(leak)
    with pytest.raises(TypeError, match="one-use key"):
        leak(OneUseKey.generate())


def test_nothing_it_shows_is_secret() -> None:
    key = OneUseKey.generate()
    assert not hasattr(key, "__dict__")
    assert key.spki_sha256[:16] in repr(key)
    assert not any("private" in name for name in dir(key))
