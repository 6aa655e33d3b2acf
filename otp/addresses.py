"""E-mail addresses, judged before anything is written to them: mail has to go where the address says, as it says it."""

from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email

LONGEST = 254  # RFC 5321, 4.5.3.1.3, with its two brackets


def check(written: str) -> None:
    """Raise ValidationError for what mail cannot carry, or would carry to another mailbox than the one that is written.

    A domain beyond ASCII goes as IDNA has it, where it comes back from there as it was; a mailbox beyond ASCII is none
    here, for it needs servers that speak SMTPUTF8 (RFC 6531) all the way. Whether anybody reads it is not checked.
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
    if not is_same or any(each.isspace() for each in written):
        raise ValidationError(validate_email.message, code="invalid", params={"value": written})


def coded(written: str) -> str:
    """The same with its domain as mail has it (IDNA), in small letters; what is no address comes back as it is."""
    local, at, domain = written.rpartition("@")
    try:
        found = f"{local}{at}{domain.encode('idna').decode('ascii').lower()}"
    except ValueError:
        return written
    return found if len(found) <= LONGEST else written
