"""Threats, "forged headers": forwarded headers are believed from the declared proxy only."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.proxy import Forwarded
from signing.access import terminal_of


def seen(**headers: str) -> tuple[str, str]:
    """Address and port of the terminal, as the trail would have them; on nginx's socket gunicorn sees none."""
    terminals = []

    def view(request: HttpRequest) -> HttpResponse:
        terminals.append(terminal_of(request))
        return HttpResponse()

    Forwarded(view)(RequestFactory().get("/", headers=headers, REMOTE_ADDR=""))
    return terminals[0].ip, terminals[0].port


def test_the_proxy_tells_address_and_port() -> None:
    headers = {"x-forwarded-for": "198.51.100.7", "x-forwarded-client-port": "50123"}
    assert seen(**headers) == ("198.51.100.7", "50123")


def test_of_a_list_the_address_that_the_proxy_saw_counts() -> None:
    """What stands before it, the caller wrote."""
    assert seen(**{"x-forwarded-for": "10.0.0.1, 198.51.100.7"}) == ("198.51.100.7", "")


def test_without_its_word_nothing_is_made_up() -> None:
    assert seen() == ("", "")


def test_where_no_proxy_is_declared_nobody_is_believed() -> None:
    assert not settings.BEHIND_PROXY
    assert "config.proxy.Forwarded" not in settings.MIDDLEWARE
    assert settings.SECURE_PROXY_SSL_HEADER is None
