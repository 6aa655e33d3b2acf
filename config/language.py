"""The language of an answer: the signer's where one is known, else what was asked for, else the browser's choice."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

ASKED = "lang"  # of the query: pages that belong to nobody are linked to in the language of the page that leads there


class Language:
    """Speaks one language for the time of one request, whatever a view switches to, and puts the thread's back.

    `access` switches to the signer's as soon as it knows one, and says so in `paraphe.language` of the request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get(ASKED, "")
        if asked in dict(settings.LANGUAGES):
            request.META["paraphe.language"] = asked
        with translation.override(
            request.META.get("paraphe.language") or translation.get_language_from_request(request)
        ):
            response = self.get_response(request)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                response.headers["Content-Language"] = translation.get_language()
                if "paraphe.language" not in request.META:
                    patch_vary_headers(response, ["Accept-Language"])
        return response
