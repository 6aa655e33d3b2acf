"""Telephone numbers as an SMS gateway takes them: E.164."""

import re

INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}")  # ITU-T E.164: at most fifteen digits
NATIONAL = re.compile(r"0[1-9][0-9]{8}")
FRANCE = "+33"
SEPARATORS = re.compile(r"[\s.()/-]")


class NotInternational(ValueError):
    """This number cannot be brought into E.164."""


def international(number: str) -> str:
    """`06 12 34 56 78` and `+33 6 12 34 56 78` become `+33612345678`; raises `NotInternational`.

    A French national number is taken as such; every other one needs its country (`+`, or `00`). Whether anybody has
    the number is not checked.
    """
    dialled = SEPARATORS.sub("", number)
    if dialled.startswith("00"):
        dialled = f"+{dialled[2:]}"
    if NATIONAL.fullmatch(dialled):
        dialled = f"{FRANCE}{dialled[1:]}"
    # "+33 (0)6 …" is written and means +33 6 …
    dialled = re.sub(r"^\+330", FRANCE, dialled)
    if not INTERNATIONAL.fullmatch(dialled):
        raise NotInternational(number)
    return dialled
