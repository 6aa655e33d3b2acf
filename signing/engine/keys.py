"""The one-use key: born in the worker, used for one order, gone after it (DESIGN: one-use means one use).

The secret lives in an OpenSSL object behind `cryptography`; this class offers no way to read, copy, pickle or print it.
What it does *not* promise: Python cannot wipe memory that a library frees. `destroy()` drops the only reference, upon
which OpenSSL clears and frees its copy (`EVP_PKEY_free`).
"""

import hashlib
from typing import NoReturn, Self

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ALGORITHM = "EC P-256"

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class KeyDestroyed(Exception):
    """The key was asked for after its destruction."""


class OneUseKey:
    """An EC P-256 key pair that signs, counts its signatures and can be destroyed."""

    __slots__ = ("_public", "_secret", "_uses")

    def __init__(self, secret: ec.EllipticCurvePrivateKey) -> None:
        if not isinstance(secret.curve, ec.SECP256R1):
            raise ValueError(f"a one-use key is on P-256, not {secret.curve.name}")  # noqa: TRY004 a value, not a type
        self._secret: ec.EllipticCurvePrivateKey | None = secret
        self._public = secret.public_key()
        self._uses = 0

    @classmethod
    def generate(cls) -> Self:
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public half; stays readable after destruction."""
        return self._public

    @property
    def spki_sha256(self) -> str:
        """SHA-256 over the DER SubjectPublicKeyInfo, lower-case hex."""
        spki = self._public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(spki).hexdigest()

    @property
    def uses(self) -> int:
        """Number of signatures made."""
        return self._uses

    @property
    def destroyed(self) -> bool:
        return self._secret is None

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        """Hash `data` with `digest` (sha256, sha384, sha512) and sign it; give a DER Ecdsa-Sig-Value (RFC 3279, 2.2.3).

        Raises KeyDestroyed after `destroy()`, ValueError for another digest.
        """
        if self._secret is None:
            raise KeyDestroyed("the one-use key has been destroyed")
        if digest not in _HASHES:
            raise ValueError(f"no signature with digest {digest!r}")
        signature = self._secret.sign(data, ec.ECDSA(_HASHES[digest]))
        self._uses += 1
        return signature

    def destroy(self) -> None:
        """Let go of the secret; doing it twice is harmless."""
        self._secret = None

    def __repr__(self) -> str:
        return f"<OneUseKey {self.spki_sha256[:16]} uses={self._uses} destroyed={self.destroyed}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a one-use key is never serialised")

    def __copy__(self) -> NoReturn:
        raise TypeError("a one-use key is never copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a one-use key is never copied")
