"""Contacts as integrators write them: addresses, and phone numbers of a country. Raises `Refused`, 422 for no such.

Where a code alone is to go to a number that is written as one and that no code can go to, the refusal is 409: the body
is what the description says, the number is not what it has to be.
"""

import re
from http import HTTPStatus

import phonenumbers
from django.core.exceptions import ValidationError

from otp import addresses, caps
from otp.numbers import NotInternational, international, is_assigned, takes_sms
from signing.backend.api.errors import Label, Refused
from signing.clients.models import Client

# ISO 3166-1 alpha-2, and XK, which is in use: the regions that have telephone numbers, and those that have none.
COUNTRIES = (phonenumbers.SUPPORTED_REGIONS - {"AC", "TA"}) | {"AQ", "BV", "GS", "HM", "PN", "TF", "UM"}
# How numbers are written; with another beside them they are numbers as well, where `number` can read them.
E164 = r"^\+[1-9][0-9]{6,14}$"
NATIONAL = r"^[0-9(][0-9 ()./-]{2,28}[0-9]$"
# What every carrier sends as it is written (GSM 03.38, the letters that all its tables share).
APPLICATION = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,-_&'()/+éèàù")


def of_code(contact: str, country: str) -> tuple[str, str]:
    """Channel and address of a code alone."""
    check_country(country)
    if "@" in contact:
        return "email", address(contact)
    found = number(contact, country)
    if found and takes_sms(found):
        return "sms", found
    sentence = f"Ce numéro ne peut pas recevoir de SMS : {contact}"
    raise unreachable(sentence) if re.search(f"{E164}|{NATIONAL}", contact) else wrong(sentence)


def number(written: str, country: str) -> str:
    """A number in E.164; empty for none, and for what is none.

    Digits alone that are no number of the country are read as international ones: their plus is easily lost, in a query
    it stands for a blank.
    """
    found = _international(written, country)
    digits = plain_digits(written)
    if digits and not (found and is_assigned(found)):
        abroad = _international(f"+{digits}", country)
        if abroad and is_assigned(abroad):
            return abroad
    return found


def plain_digits(written: str) -> str:
    """The digits of a number that is written with nothing else but blanks and has no 0 in front; else empty."""
    digits = "".join(written.split())
    return digits if digits.isascii() and digits.isdigit() and not digits.startswith("0") else ""


def _international(written: str, country: str) -> str:
    try:
        return international(written, country=country) if written else ""
    except NotInternational:
        return ""


def check_country(written: str) -> None:
    """Raise `Refused` for two letters that are no country."""
    if written.upper() not in COUNTRIES:
        raise wrong(f"Ce n'est pas un pays (ISO 3166-1, deux lettres) : {written}")


def address(written: str) -> str:
    """An address that mail goes to as it is written (`otp.addresses`), of a domain with a dot in it."""
    local, _, domain = written.rpartition("@")
    try:
        addresses.check(written)
    except ValidationError as error:
        if not local.isascii():
            raise wrong(f"Une adresse e-mail n'a pas de lettre accentuée avant le @ : {written}") from error
        raise wrong(f"Ce n'est pas une adresse e-mail : {written}") from error
    if "." not in domain:
        raise wrong(f"Ce n'est pas une adresse e-mail : {written}")
    return written


def application(written: str) -> str:
    """The name of an integrator's application, as an SMS can carry it."""
    if not set(written) <= APPLICATION:
        raise wrong("smsApplicationCode : des lettres et chiffres qu'un SMS sait porter, 20 au plus.")
    return written


def check_allowed(client: Client, channel: str, contact: str) -> None:
    """Raise `Refused` where the client's policy lets no code go there."""
    against = what_forbids(client, channel, contact)
    if against:
        raise wrong(against)


def what_forbids(client: Client, channel: str, contact: str) -> str:
    """A sentence that says why the client's policy lets no code go there; empty where it does."""
    try:
        caps.check(policy=client.policy, channel=channel, contact=contact)
    except caps.NotAllowed as error:
        allowed = client.policy.countries
        why = {"way": "", "kind": " (numéro qui ne reçoit pas de SMS)", "country": f" (pays admis : {allowed})"}[
            str(error)
        ]
        return f"Votre politique de code ne permet pas d'envoyer là : {contact}{why}"
    return ""


def unreachable(sentence: str) -> Refused:
    return Refused(HTTPStatus.CONFLICT, Label.CONTACT, sentence)


def wrong(sentence: str) -> Refused:
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, sentence)
