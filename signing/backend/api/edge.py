"""What surrounds every call of the service: paths with and without a trailing slash, JSON in, JSON out, body limits."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from signing.backend.api import errors
from signing.backend.api.errors import Label, Refused

WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
JSON = "application/json"
READ_AT_ONCE = 65536


class Edge:
    """Middleware of the service listener. Nothing is redirected: a path with slashes around it is the path without.

    What a body may be is asked once it is known whose it is (`callers`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # With and without a slash at the end; and with two at the start, which a base URL that ends in one makes.
        request.path_info = "/" + request.path_info.strip("/")
        answer = self.get_response(request)
        answer["Cache-Control"] = "no-store"
        is_json = answer.headers.get("Content-Type", "").startswith(JSON)
        if answer.status_code < HTTPStatus.BAD_REQUEST or is_json:
            return answer
        refused_answer = errors.in_json(answer.status_code)
        if "Allow" in answer:
            refused_answer["Allow"] = answer["Allow"]
        return refused_answer


def _check_length(request: HttpRequest, most: int) -> None:
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        sentence = f"Le corps de la requête dépasse {most // 1_000_000} Mo."
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Label.TOO_LARGE, sentence)


def unread(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A refusal of a body that nobody reads: a short one is read off, behind a long one the connection is closed."""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= settings.SERVICE_READ_UNREAD_BYTES and not request.headers.get(
        "Transfer-Encoding"
    ):
        while request.read(READ_AT_ONCE):
            pass
    answer: HttpResponse = refused.answer()
    return answer


def check_body(request: HttpRequest, most: int) -> None:
    """Raise `Refused` for a body that announces no length (411), is announced to be longer (413), or is no JSON (415).

    A body is refused by its announced length before it is read (reliability.md, Threats, bombs).
    """
    if request.method not in WITH_BODY:
        return
    if request.headers.get("Transfer-Encoding"):
        sentence = "Annoncez la taille du corps (Content-Length)."
        raise Refused(HTTPStatus.LENGTH_REQUIRED, Label.LENGTH, sentence)
    _check_length(request, min(most, settings.SERVICE_MAX_BODY_BYTES))
    if request.META.get("CONTENT_LENGTH") not in {None, "", "0"} and request.content_type != JSON:
        sentence = "Ce service lit du JSON (Content-Type: application/json)."
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, Label.MEDIA_TYPE, sentence)
