"""Addresses by which a reader says something back: ours for one wish, one owner and one contact, and nobody's else."""

import pytest
from django.conf import settings

from otp.wishes import Wish, address, addresses, is_ours

OWNER, CONTACT = "0b5c2d4e-0000-4000-8000-000000000001", "camille@exemple.fr"


def code_of(wish: Wish, *, owner: str = OWNER, contact: str = CONTACT) -> str:
    return address(wish, owner=owner, contact=contact).rpartition("/")[2]


def test_an_address_is_below_ours_and_names_the_wish() -> None:
    both = addresses(owner=OWNER, contact=CONTACT)
    assert both["not_me_link"].startswith(f"{settings.PUBLIC_URL}/m/{OWNER}/not-me/")
    assert both["stop_link"].startswith(f"{settings.PUBLIC_URL}/m/{OWNER}/stop/")
    assert CONTACT not in "".join(both.values())


def test_the_contact_may_be_written_in_any_case() -> None:
    assert is_ours(Wish.STOP, code_of(Wish.STOP), owner=OWNER, contact="Camille@Exemple.fr")


@pytest.mark.parametrize(
    ("wish", "code", "owner", "contact"),
    [
        (Wish.NOT_ME, code_of(Wish.STOP), OWNER, CONTACT),
        (Wish.STOP, code_of(Wish.STOP, owner="another"), OWNER, CONTACT),
        (Wish.STOP, code_of(Wish.STOP), OWNER, "someone@exemple.fr"),
        (Wish.STOP, code_of(Wish.STOP)[:-1] + "x", OWNER, CONTACT),
        (Wish.STOP, "é" * 32, OWNER, CONTACT),
        (Wish.STOP, code_of(Wish.STOP, contact=""), OWNER, ""),
    ],
    ids=["other wish", "other owner", "other contact", "forged", "not ASCII", "erased"],
)
def test_every_other_one_is_nobodys(wish: Wish, code: str, owner: str, contact: str) -> None:
    assert not is_ours(wish, code, owner=owner, contact=contact)


def test_another_installation_writes_others(settings: object) -> None:
    here = code_of(Wish.STOP)
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]  # pytest-django's settings
    assert not is_ours(Wish.STOP, here, owner=OWNER, contact=CONTACT)
