"""The language of an answer: it is the request's for as long as the request lasts, and nobody else's."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory
from django.utils import translation

from config.language import Language

View = Callable[[HttpRequest], HttpResponse]


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(translation.get_language()))


def asked(view: View = page, *, query: str = "", accepts: str = "") -> HttpResponse:
    headers = {"accept-language": accepts} if accepts else {}
    return Language(view)(RequestFactory().get(f"/{query}", headers=headers))


@pytest.mark.parametrize(
    ("accepts", "spoken"),
    [
        ("", "fr"),
        ("fr", "fr"),
        ("en", "en"),
        ("en-US,en;q=0.9,fr;q=0.8", "en"),
        ("fr-CA,en;q=0.9", "fr"),
        ("de,it;q=0.9", "fr"),
        ("de,en;q=0.4", "en"),
        ("*", "fr"),
        ("\x00;;q=x", "fr"),
    ],
)
def test_the_browser_chooses_among_the_languages_there_are(accepts: str, spoken: str) -> None:
    response = asked(accepts=accepts)
    assert response.content.decode() == response["Content-Language"] == spoken
    assert response["Vary"] == "Accept-Language"


@pytest.mark.parametrize(("query", "spoken"), [("?lang=en", "en"), ("?lang=fr", "fr")])
def test_what_was_asked_for_goes_before_the_browser(query: str, spoken: str) -> None:
    response = asked(query=query, accepts="en" if spoken == "fr" else "fr")
    assert response.content.decode() == response["Content-Language"] == spoken
    assert "Vary" not in response


@pytest.mark.parametrize("query", ["?lang=de", "?lang=", "?lang=en-GB", "?lang=../x"])
def test_a_language_that_is_not_there_is_not_asked_for(query: str) -> None:
    assert asked(query=query, accepts="en").content == b"en"


def test_what_is_no_page_has_no_language() -> None:
    """A PDF speaks its own language, JSON none."""
    response = asked(lambda _request: JsonResponse({}))
    assert "Content-Language" not in response
    assert "Vary" not in response


def test_a_language_that_a_view_switched_to_ends_with_the_request() -> None:
    def switches(request: HttpRequest) -> HttpResponse:
        translation.activate("en")
        return page(request)

    with translation.override("fr"):
        assert asked(switches)["Content-Language"] == "en"
        assert translation.get_language() == "fr"


def test_a_language_ends_with_a_request_that_fails() -> None:
    def fails(_request: HttpRequest) -> HttpResponse:
        translation.activate("en")
        raise ValueError("broken")

    with translation.override("fr"):
        with pytest.raises(ValueError, match="broken"):
            asked(fails)
        assert translation.get_language() == "fr"


def test_requests_at_once_do_not_hear_each_other() -> None:
    """Two threads, each in the middle of its request while the other speaks."""
    together = threading.Barrier(2, timeout=20)

    def waits(request: HttpRequest) -> HttpResponse:
        together.wait()
        response = page(request)
        together.wait()
        return response

    def speaks(language: str) -> list[str]:
        return [asked(waits, accepts=language).content.decode() for _ in range(20)]

    with ThreadPoolExecutor(2) as pool:
        english, french = pool.map(speaks, ["en", "fr"])
    assert set(english) == {"en"}
    assert set(french) == {"fr"}


def test_a_thread_that_served_one_language_serves_the_next_request_in_its_own() -> None:
    with ThreadPoolExecutor(1) as pool:
        heard = list(pool.map(lambda each: asked(accepts=each).content.decode(), ["en", "fr", "en", "de"]))
        left = pool.submit(translation.get_language).result()
    assert heard == ["en", "fr", "en", "fr"]
    assert left == "fr"
