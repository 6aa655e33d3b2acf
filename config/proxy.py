"""What is believed of a proxy's headers. In the chain of middleware only where BEHIND_PROXY says that one is there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Forwarded:
    """Takes the caller's address and port from X-Forwarded-For and X-Forwarded-Client-Port, which nginx overwrites.

    Of a list the last address counts: the one the proxy in front of us has seen.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        request.META["REMOTE_PORT"] = request.headers.get("X-Forwarded-Client-Port", "")
        return self.get_response(request)
