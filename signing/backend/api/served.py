"""The OpenAPI description as the service itself serves it: to a client that is known, with its own code in it."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from signing.backend.api import described, lookup
from signing.backend.api.service import api


@require_safe
def description(request: HttpRequest) -> JsonResponse:
    """The description, X-Client-Code being the caller's: with any other every call would be a 403."""
    told = api.get_openapi_schema(path_prefix="")
    described.of_client(told, lookup.caller(request).code)
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
