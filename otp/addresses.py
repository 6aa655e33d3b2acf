"""E-mail addresses, judged before anything is written to them: mail has to go where the address says, as it says it."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email

LONGEST = 254  # RFC 5321, 4.5.3.1.3, with its two brackets
LOCAL_OCTETS = 64  # RFC 5321, section 4.5.3.1.1
# Scripts that one word may have together (UTS 39, "Highly Restrictive"); letters of all others look like another's.
TOGETHER = {"LATIN", "CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL"}
# Cyrillic, Greek and Armenian letters that are read as Latin ones: a word of them alone is read as another word.
READ_AS_LATIN = frozenset("асԁеһіјӏорԛѕԝхуъьҽпгѵѡαικνρυωηοτագզէլհյոսւօ")


def check(written: str) -> None:
    """Raise ValidationError for what mail cannot carry, or would carry to another mailbox than the one that is written.

    A domain beyond ASCII goes as IDNA has it, where it comes back from there as it was; a mailbox beyond ASCII is none
    here, for it needs servers that speak SMTPUTF8 (RFC 6531) all the way. Nor is one at an address of the network, to
    which a mail server goes by itself, the operator's own ones included, nor a name that mixes alphabets, or takes
    another whole, to look like another. Whether anybody reads it is not checked.
    """
    validate_email(written)
    local, _at, domain = written.rpartition("@")
    try:
        coded = domain.encode("idna").decode("ascii")
        goes_to = sanitize_address(written, "utf-8")
        comes_back = domain.isascii() or coded.encode("ascii").decode("idna") == domain.lower()
        is_same = comes_back and goes_to == f"{local}@{coded}"
    except ValueError:  # of labels that IDNA does not hold, too
        is_same = False
    is_name = not domain.startswith("[") and not _deceives(domain)
    if not (is_same and is_name) or len(local) > LOCAL_OCTETS or any(each.isspace() for each in written):
        raise ValidationError(validate_email.message, code="invalid", params={"value": written})


def coded(written: str) -> str:
    """The same with its domain as mail has it (IDNA), in small letters; what is no address comes back as it is."""
    local, at, domain = written.rpartition("@")
    try:
        found = f"{local}{at}{domain.encode('idna').decode('ascii').lower()}"
    except ValueError:
        return written
    return found if len(found) <= LONGEST else written


def canonical(written: str) -> str:
    """One spelling of what goes to one mailbox, to count by: all of it in small letters."""
    return coded(written).lower()


def _deceives(domain: str) -> bool:
    """Whether a part of a domain mixes alphabets that look alike, or is read as Latin letters and has none."""
    labels = [_read(label) for label in re.split(r"[.\u3002\uff0e]", domain)]
    is_latin = labels[-1].isascii()
    return any(_mixes(label) or (is_latin and _poses(label)) for label in labels)


def _read(label: str) -> str:
    """A part of a domain as people read it, coded or not."""
    try:
        return label.encode("ascii").decode("idna")
    except ValueError:
        return unicodedata.normalize("NFKC", label).lower()


def _mixes(label: str) -> bool:
    scripts = {re.split(r"\W", unicodedata.name(each, ""))[0] for each in label if each.isalpha()}
    return len(scripts) > 1 and not scripts <= TOGETHER


def _poses(label: str) -> bool:
    letters = {each for each in label if each.isalpha()}
    return bool(letters) and letters <= READ_AS_LATIN
