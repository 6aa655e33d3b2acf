"""Long-lived keys that stay in a PKCS#11 token (OASIS PKCS #11): the process asks for signatures and never has the key.

One session for each process, opened when it is first needed: logging in counts for process and token, and what was open
before a fork is not used after it. Whatever the token does not do is `KeyUnavailable`; the next call opens anew.
"""

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import pkcs11
from asn1crypto import algos
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

_STAYS = "a key in a token signs, and does nothing else"


class KeyUnavailable(Exception):
    """A key is not there or cannot be used: of a file, or of a token that is missing, refuses the PIN or fails."""


@dataclass(frozen=True)
class Token:
    """Where keys are: the module's shared library, the token's label, and the user's PIN."""

    module: str
    label: str
    pin: str

    def key(self, label: str) -> "TokenKey | TokenRsaKey | None":
        """The EC or RSA key pair with a label; None where there is none.

        Raises KeyUnavailable, also for several under one label, for one half of a pair, and for another kind.
        """
        wanted = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.LABEL: label}
        with _session(self) as session:
            found = list(session.get_objects(wanted))
            secret = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label}))
            if not found and not secret:
                return None
            whole = len(found) == len(secret) == 1
            if whole and found[0].key_type == KeyType.EC:
                return TokenKey(self, label, _public(found[0]))
            if whole and found[0].key_type == KeyType.RSA:
                return TokenRsaKey(self, label, _rsa_public(found[0]))
        raise KeyUnavailable(f"of {label!r} in the token {self.label!r} there is not one EC or RSA key")

    def generate(self, label: str, curve: ec.EllipticCurve) -> "TokenKey":
        """Make a key pair that cannot leave the token. Raises KeyUnavailable."""
        with _session(self, writing=True) as session:
            named = {Attribute.EC_PARAMS: encode_named_curve_parameters(curve.name)}
            parameters = session.create_domain_parameters(KeyType.EC, named, local=True)
            secret = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
            public, _ = parameters.generate_keypair(store=True, label=label, private_template=secret)
            return TokenKey(self, label, _public(public))


class TokenKey(ec.EllipticCurvePrivateKey):
    """A private key in a token, where `cryptography` expects one of its own. What would take it out is refused."""

    def __init__(self, token: Token, label: str, public: ec.EllipticCurvePublicKey) -> None:
        self._token, self._label, self._known = token, label, public

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._known.curve

    @property
    def key_size(self) -> int:
        return self._known.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._known

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """Sign with ECDSA, DER. Hashed here: not every token knows ECDSA over a digest by name."""
        digest = _digest(data, signature_algorithm.algorithm)
        return bytes(encode_ecdsa_signature(_raw(self._token, self._label, KeyType.EC, Mechanism.ECDSA, digest)))

    def exchange(self, *_arguments: object) -> NoReturn:
        raise TypeError(_STAYS)

    def private_numbers(self) -> NoReturn:
        raise TypeError(_STAYS)

    def private_bytes(self, *_arguments: object) -> NoReturn:
        raise TypeError(_STAYS)

    def __copy__(self) -> "TokenKey":
        return self

    def __deepcopy__(self, memo: object) -> "TokenKey":
        return self


class TokenRsaKey(rsa.RSAPrivateKey):
    """The same for an RSA key, which signs as PKCS #1 version 1.5 has it (RFC 8017, 8.2), and in no other way."""

    def __init__(self, token: Token, label: str, public: rsa.RSAPublicKey) -> None:
        self._token, self._label, self._known = token, label, public

    @property
    def key_size(self) -> int:
        return self._known.key_size

    def public_key(self) -> rsa.RSAPublicKey:
        return self._known

    def sign(self, data: Any, padding: Any, algorithm: Any) -> bytes:
        """Sign. Hashed here; the token pads what names the digest (RFC 8017, 9.2)."""
        if not isinstance(padding, PKCS1v15) or not isinstance(algorithm, hashes.HashAlgorithm):
            raise TypeError("an RSA key in a token signs what it is given, with PKCS #1 version 1.5")
        told = {"digest_algorithm": {"algorithm": algorithm.name}, "digest": _digest(data, algorithm)}
        return _raw(self._token, self._label, KeyType.RSA, Mechanism.RSA_PKCS, algos.DigestInfo(told).dump())

    def decrypt(self, *_arguments: object) -> NoReturn:
        raise TypeError(_STAYS)

    def private_numbers(self) -> NoReturn:
        raise TypeError(_STAYS)

    def private_bytes(self, *_arguments: object) -> NoReturn:
        raise TypeError(_STAYS)

    def __copy__(self) -> "TokenRsaKey":
        return self

    def __deepcopy__(self, memo: object) -> "TokenRsaKey":
        return self


_open: dict[Token, tuple[int, Any]] = {}
_lock = threading.RLock()


@contextmanager
def _session(token: Token, *, writing: bool = False) -> Iterator[Any]:
    """The process's session, one caller at a time; closed and forgotten where the token failed, and after writing."""
    with _lock:
        try:
            if writing:
                _forget(token)
            yield _opened(token, writing=writing)
            if writing:
                _forget(token)
        except (pkcs11.PKCS11Error, OSError, RuntimeError) as error:
            _forget(token)
            raise KeyUnavailable(f"the token {token.label!r}: {type(error).__name__}") from error


def _opened(token: Token, *, writing: bool) -> Any:
    process, session = _open.get(token, (0, None))
    if process == os.getpid():
        return session
    library = pkcs11.lib(token.module)
    if process:  # forked: the library's state is the parent's
        library.reinitialize()
    try:
        found = library.get_token(token_label=token.label)
    except pkcs11.NoSuchToken:  # it may have come since the library looked; what was open is closed by looking again
        _open.clear()
        library.reinitialize()
        found = library.get_token(token_label=token.label)
    session = found.open(user_pin=token.pin, rw=writing)
    _open[token] = os.getpid(), session
    return session


def _forget(token: Token) -> None:
    process, session = _open.pop(token, (0, None))
    if session is not None and process == os.getpid():
        try:
            session.close()
        except pkcs11.PKCS11Error:
            return


def _digest(data: Any, algorithm: hashes.HashAlgorithm | Prehashed) -> bytes:
    return bytes(data) if isinstance(algorithm, Prehashed) else hashlib.new(algorithm.name, bytes(data)).digest()


def _raw(token: Token, label: str, kind: KeyType, mechanism: Mechanism, data: bytes) -> bytes:
    """What the token makes of `data` with a private key of it. Raises KeyUnavailable."""
    with _session(token) as session:
        try:
            key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, key_type=kind, label=label)
        except pkcs11.NoSuchKey as error:
            raise KeyUnavailable(f"no key {label!r} in the token {token.label!r}") from error
        return bytes(key.sign(data, mechanism=mechanism))


def _public(key: Any) -> ec.EllipticCurvePublicKey:
    loaded = serialization.load_der_public_key(encode_ec_public_key(key))
    assert isinstance(loaded, ec.EllipticCurvePublicKey)  # noqa: S101 - what was asked for
    return loaded


def _rsa_public(key: Any) -> rsa.RSAPublicKey:
    loaded = serialization.load_der_public_key(encode_rsa_public_key(key))
    assert isinstance(loaded, rsa.RSAPublicKey)  # noqa: S101 - what was asked for
    return loaded
