"""Names in certificates that string preparation refuses, made comparable.

RFC 5280, 7.1 compares names after the preparation of RFC 4518, which stays at Unicode 3.2 and forbids mixed directions.
asn1crypto raises on what that refuses, in the middle of a validation: a signer called "דוד Martin" could not be
verified by anybody. Such a value is compared as it is written instead: equal to itself, different from all others.

A file with many signatures has the names of few authorities, which are compared thousands of times: each pair is
prepared once.
"""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import Any

from asn1crypto.x509 import Name, NameTypeAndValue, RDNSequence

_AS_WRITTEN = "\0"
"""Before a value that is not prepared; prepared ones begin with a blank (RFC 4518, 2.6.1), so none equals it."""


def compare_all_names() -> None:
    """Let asn1crypto compare every name, in this process; done once, however often it is called."""
    strict: Any = NameTypeAndValue._ldap_string_prep  # noqa: SLF001 there is no other place where it can be changed
    if hasattr(strict, "__wrapped__"):
        return

    @wraps(strict)
    def lenient(value: NameTypeAndValue, text: str) -> str:
        try:
            return str(strict(value, text))
        except ValueError:
            return _AS_WRITTEN + text

    NameTypeAndValue._ldap_string_prep = lenient  # noqa: SLF001
    whole: Any = Name
    whole.__eq__ = lambda one, other: isinstance(other, Name) and _equal(one.chosen.dump(), other.chosen.dump())
    whole.hashable = property(lambda name: _hashable(name.chosen.dump()))


@lru_cache(maxsize=4096)
def _equal(one: bytes, other: bytes) -> bool:
    return one == other or bool(RDNSequence.load(one) == RDNSequence.load(other))


@lru_cache(maxsize=4096)
def _hashable(name: bytes) -> str:
    return str(RDNSequence.load(name).hashable)
