"""How the service refuses: JSON with `errorMsg` (for people, French) and `errorLabel`, whatever went wrong."""

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse

RETRY_SECONDS = 5


def refusal(status: HTTPStatus, label: str, message: str) -> JsonResponse:
    """One refused call (certsign-api.md, Errors)."""
    told = {"errorMsg": message, "errorLabel": label}
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})


def unavailable() -> JsonResponse:
    """The database does not answer: the caller may try again in RETRY_SECONDS."""
    answer = refusal(HTTPStatus.SERVICE_UNAVAILABLE, "ERROR_UNAVAILABLE", "Le service est momentanément indisponible.")
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def bad_request(_request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001 - Django names it
    return refusal(HTTPStatus.BAD_REQUEST, "ERROR_BAD_REQUEST", "La requête n'est pas valable.")


def forbidden(_request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001 - Django names it
    return refusal(HTTPStatus.FORBIDDEN, "ERROR_FORBIDDEN", "Cet appel n'est pas permis.")


def not_found(_request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001 - Django names it
    return refusal(HTTPStatus.NOT_FOUND, "ERROR_NOT_FOUND", "Cette adresse n'existe pas.")


def failed(_request: HttpRequest) -> JsonResponse:
    return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "ERROR_INTERNAL", "Le service a rencontré une erreur.")
