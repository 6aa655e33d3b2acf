"""Names in certificates that string preparation refuses, made comparable.

RFC 5280, 7.1 compares names after the preparation of RFC 4518, which stays at Unicode 3.2 and forbids mixed directions.
asn1crypto raises on what that refuses, in the middle of a validation: a signer called "דוד Martin" could not be
verified by anybody. Such a value is compared as it is written instead: equal to itself, different from all others.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from asn1crypto.x509 import NameTypeAndValue

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
