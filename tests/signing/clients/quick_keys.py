"""One key for every access certificate that a test has made: an RSA key takes longer to find than most tests take.

For tests about who may do what. Whether each certificate has a key of its own is told without this.
"""

from functools import cache
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from signing.clients import certificates


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def use(patched: pytest.MonkeyPatch) -> None:
    """Until `patched` is undone."""
    found = SimpleNamespace(RSAPrivateKey=rsa.RSAPrivateKey, generate_private_key=lambda **_asked: _key())
    patched.setattr(certificates, "rsa", found)
