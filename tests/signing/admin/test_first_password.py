"""A password that somebody else made is changed before anything else is shown."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils.timezone import now

from signing.clients.models import FirstPassword, Member
from tests.signing import walks
from tests.signing.admin import people
from tests.signing.views.browser import Browser, words_of

pytestmark = pytest.mark.django_db
CHANGE = "/admin/password_change/"
OLD, NEW = "premier-mot-de-passe", "un-autre-mot-de-passe"


def newcomer() -> tuple[User, Browser]:
    user = people.a_member("julie", walks.a_client())
    user.set_password(OLD)
    user.save()
    FirstPassword.objects.create(user=user, given_at=now())
    return user, people.browser_of(user)


def change(browser: Browser, new: str) -> Any:
    return browser.post(CHANGE, {"old_password": OLD, "new_password1": new, "new_password2": new})


def test_nothing_is_shown_before_it_is_changed() -> None:
    user, browser = newcomer()
    for place in ("", "signing/envelope/", "signing/envelope/new/"):
        answer = browser.get(f"/admin/{place}", follow=True)
        assert answer.redirect_chain[-1][0] == CHANGE
        assert "que vous seul connaissez" in words_of(answer)
    assert change(browser, NEW).status_code == 302
    assert browser.get("/admin/signing/envelope/").status_code == 200
    assert not FirstPassword.objects.filter(user=user).exists()


def test_the_same_again_is_no_change() -> None:
    user, browser = newcomer()
    change(browser, OLD)
    assert FirstPassword.objects.filter(user=user).exists()
    assert browser.get("/admin/signing/envelope/").status_code == 302


def test_the_operator_makes_an_account_and_its_client() -> None:
    """The operator makes clients and members; every account is one of the administration, with a first password."""
    client = walks.a_client()
    browser = people.operator_browser()
    inline = {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0"}
    member = {"memberships-0-client": client.pk, "memberships-0-role": "ADMINISTRATOR"}
    account = {"username": "paul", "usable_password": "true", "password1": OLD, "password2": OLD}
    answer = browser.post("/admin/auth/user/add/", account | inline | member)
    assert answer.status_code == 302, words_of(answer)
    user = User.objects.get(username="paul")
    assert user.is_staff
    assert FirstPassword.objects.filter(user=user).exists()
    assert Member.objects.filter(user=user, client=client).exists()


def test_a_password_that_the_operator_gives_later_is_a_first_one_too() -> None:
    user = people.a_member("paul", walks.a_client())
    answer = people.operator_browser().post(
        f"/admin/auth/user/{user.pk}/password/", {"usable_password": "true", "password1": NEW, "password2": NEW}
    )
    assert answer.status_code == 302, words_of(answer)
    assert FirstPassword.objects.filter(user=user).exists()
    user.refresh_from_db()
    assert user.check_password(NEW)
