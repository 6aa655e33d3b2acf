"""The characters of a code: drawn, read as people type them, digested for the database, sealed until judged."""

import base64
import hashlib
import hmac
import secrets
import unicodedata

from cryptography.fernet import Fernet
from django.conf import settings

from otp.models import Policy

# Letters and digits that nobody takes for one another: without 0 O 1 I L.
ALPHABETS = {Policy.Alphabet.DIGITS: "0123456789", Policy.Alphabet.LETTERS: "23456789ABCDEFGHJKMNPQRSTUVWXYZ"}


def drawn(policy: Policy) -> str:
    """A new code of the policy's alphabet and length, each character drawn by the system's generator."""
    return "".join(secrets.choice(ALPHABETS[Policy.Alphabet(policy.alphabet)]) for _ in range(policy.length))


def normalise(typed: str, policy: Policy | None = None) -> str:
    """What a person typed, as a code: spaces and separators dropped, full-width characters folded (NFKC), digits of any
    script as ours.

    Letters are upper case in every code; where the policy does not ask for that, they may be typed as they come.
    """
    folded = (c for c in unicodedata.normalize("NFKC", typed) if c.isalnum())
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in folded)
    return plain if policy is not None and policy.upper_case else plain.upper()


def digest(owner: str, binding: str, plain: str) -> str:
    """HMAC-SHA-256 (hex) of a code for this owner and this binding, under a key that only our processes have."""
    key = hashlib.sha256(b"paraphe otp code\x00" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, f"{owner}\x00{binding}\x00{plain}".encode(), hashlib.sha256).hexdigest()


def seal(typed: str) -> str:
    """Encrypt a code just typed, so that it can wait in a row until a worker judges it."""
    return _fernet().encrypt(typed.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The code that was typed; None where there is none."""
    return _fernet().decrypt(sealed.encode()).decode() if sealed else None


def _fernet() -> Fernet:
    key = hashlib.sha256(b"paraphe typed code\x00" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
