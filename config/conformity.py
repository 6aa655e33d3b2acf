"""Certificates of conformity that the operator states: of which policy, under which reference, from when to when."""

import re
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

from config.env import env

OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+")
FORM = "CONFORMITY: policy|reference|first day|last day, several separated by a semicolon; days as 2027-01-14"


class Certificate(NamedTuple):
    """`policy`: the object identifier that certificates or time-stamp tokens name; both days are days of validity."""

    policy: str
    reference: str
    first_day: date
    last_day: date


def conformity() -> tuple[Certificate, ...]:
    """What CONFORMITY states; nothing where it is not set. Raises ImproperlyConfigured, which stops the start."""
    return tuple(_certificate(each) for each in env.str("CONFORMITY", default="").split(";") if each.strip())


def _certificate(written: str) -> Certificate:
    parts = [part.strip() for part in written.split("|")]
    try:
        policy, reference, first, last = parts
        made = Certificate(policy, reference, date.fromisoformat(first), date.fromisoformat(last))
    except ValueError as error:
        raise ImproperlyConfigured(FORM) from error
    if not OID.fullmatch(policy) or not reference or made.first_day > made.last_day:
        raise ImproperlyConfigured(FORM)
    return made
