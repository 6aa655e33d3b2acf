"""Accounts of the administration, and a browser for each."""

from django.contrib.auth.models import User

from signing.clients.models import Client, Member
from tests.signing.views.browser import Browser


def a_member(login: str, *clients: Client) -> User:
    """Staff, with a role at some clients."""
    user = User.objects.create_user(login, password="x", is_staff=True)
    for client in clients:
        Member.objects.create(user=user, client=client)
    return user


def the_operator() -> User:
    return User.objects.create_superuser("operator", password="x")


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def member_browser(*clients: Client) -> Browser:
    return browser_of(a_member("julie", *clients))


def operator_browser() -> Browser:
    return browser_of(the_operator())
