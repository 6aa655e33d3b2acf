"""What surrounds every call of the service: paths with and without a trailing slash, JSON in, JSON out, body limits."""

from collections.abc import Callable
from contextlib import suppress
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
        answer = _in_json(self.get_response(request))
        answer["Cache-Control"] = "no-store"
        _leave_no_body(request, answer)
        return answer


def _in_json(answer: HttpResponse) -> HttpResponse:
    is_json = answer.headers.get("Content-Type", "").startswith(JSON)
    if answer.status_code < HTTPStatus.BAD_REQUEST or is_json:
        return answer
    told: HttpResponse = errors.in_json(answer.status_code)
    if "Allow" in answer:
        told["Allow"] = answer["Allow"]
    return told


def _leave_no_body(request: HttpRequest, answer: HttpResponse) -> None:
    """Read off a body that the call did not need or that was refused, so that the next call is found behind it.

    Behind a long one, one of unknown length, one that waits to be asked for (`Expect: 100-continue`) and one of whoever
    has shown no certificate, the connection is closed.
    """
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    was_read = getattr(request, "_read_started", True)
    if was_read or not length or request.headers.get("Transfer-Encoding"):
        return
    if answer.status_code == HTTPStatus.UNAUTHORIZED or "Expect" in request.headers:
        end_connection = getattr(request.META["wsgi.input"], "end_connection", None)  # config.gunicorn_unread
        if end_connection is not None:
            end_connection()
        return
    if length <= settings.SERVICE_READ_UNREAD_BYTES:
        with suppress(OSError):  # who is gone needs no answer
            while request.read(READ_AT_ONCE):
                pass


def _check_length(request: HttpRequest, most: int) -> None:
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        sentence = f"Le corps de la requête dépasse {most // 1_000_000} Mo."
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Label.TOO_LARGE, sentence)


def check_body(request: HttpRequest, most: int) -> None:
    """Raise `Refused` for a body that announces no length (411), is announced to be longer (413), or is no JSON
    as it is (415).

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
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        sentence = "Envoyez le corps tel quel, sans compression (Content-Encoding)."
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, Label.MEDIA_TYPE, sentence)
