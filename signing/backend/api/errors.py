"""How the service refuses: JSON with `errorMsg` (for people, French) and `errorLabel`, whatever went wrong."""

from enum import StrEnum
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse

RETRY_SECONDS = 5


class Label(StrEnum):
    """Every errorLabel but those of refused PDFs (`signing.engine.refusals.Label`). The first three are CertSign's."""

    WRONG_CODE = "ERROR_MAUVAIS_CODE"
    NO_TRIES = "ERROR_NBR_ESSAI"
    NO_CODE = "ERROR_CODE_KO"
    CODE_NEEDED = "ERROR_OTP_REQUIRED"
    CODE_TOO_SOON = "ERROR_OTP_TOO_SOON"
    CODES_CAPPED = "ERROR_OTP_CAPPED"
    CODE_UNDELIVERED = "ERROR_OTP_UNDELIVERED"
    CONTACT = "ERROR_OTP_CONTACT"
    BAD_REQUEST = "ERROR_BAD_REQUEST"
    FORMAT = "ERROR_FORMAT"
    CERTIFICATE = "ERROR_CLIENT_CERTIFICATE"
    CLIENT_CODE = "ERROR_CLIENT_CODE"
    NETWORK = "ERROR_NETWORK"
    FORBIDDEN = "ERROR_FORBIDDEN"
    NOT_FOUND = "ERROR_NOT_FOUND"
    METHOD = "ERROR_METHOD"
    LENGTH = "ERROR_LENGTH_REQUIRED"
    TOO_LARGE = "ERROR_TOO_LARGE"
    MEDIA_TYPE = "ERROR_MEDIA_TYPE"
    URI_TOO_LONG = "ERROR_URI_TOO_LONG"
    HEADERS_TOO_LONG = "ERROR_HEADERS_TOO_LONG"
    EXTERNAL_ID = "ERROR_EXTERNAL_ID"
    STATE = "ERROR_STATE"
    HASH = "ERROR_HASH"
    ASYNC_URL = "ERROR_ASYNC_URL"
    INTERNAL = "ERROR_INTERNAL"
    UNAVAILABLE = "ERROR_UNAVAILABLE"


class Refused(Exception):
    """A call that is answered with a status, a label and a sentence; `retry_after` in seconds, where it may be made."""

    def __init__(self, status: HTTPStatus, label: str, sentence: str, *, retry_after: int | None = None) -> None:
        super().__init__(label)
        self.status, self.label, self.sentence, self.retry_after = status, label, sentence, retry_after

    def answer(self) -> JsonResponse:
        answer = refusal(self.status, self.label, self.sentence)
        if self.retry_after is not None:
            answer["Retry-After"] = str(self.retry_after)
        return answer


def refusal(status: int, label: str, message: str) -> JsonResponse:
    """One refused call (certsign-api.md, Errors)."""
    told = {"errorMsg": message, "errorLabel": label}
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})


def not_found() -> Refused:
    """An id that is unknown, or another client's: the answer is the same."""
    return Refused(HTTPStatus.NOT_FOUND, Label.NOT_FOUND, "Aucun objet de votre compte ne porte cet identifiant.")


def unavailable() -> JsonResponse:
    """The database does not answer: the caller may try again in RETRY_SECONDS."""
    sentence = "Le service est momentanément indisponible."
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, Label.UNAVAILABLE, sentence, retry_after=RETRY_SECONDS).answer()


GENERAL: dict[int, tuple[Label, str]] = {
    HTTPStatus.BAD_REQUEST: (Label.BAD_REQUEST, "La requête n'est pas valable."),
    HTTPStatus.FORBIDDEN: (Label.FORBIDDEN, "Cet appel n'est pas permis."),
    HTTPStatus.NOT_FOUND: (Label.NOT_FOUND, "Cette adresse n'existe pas."),
    HTTPStatus.METHOD_NOT_ALLOWED: (Label.METHOD, "Cette adresse ne répond pas à cette méthode."),
    HTTPStatus.INTERNAL_SERVER_ERROR: (Label.INTERNAL, "Le service a rencontré une erreur."),
}


def in_json(status: int) -> JsonResponse:
    """What stands for an answer that is no JSON: nothing here ever answers HTML."""
    label, sentence = GENERAL.get(status, GENERAL[HTTPStatus.BAD_REQUEST])
    return refusal(status, label, sentence)


def bad_request(_request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001 - Django names it
    return in_json(HTTPStatus.BAD_REQUEST)


def forbidden(_request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001 - Django names it
    return in_json(HTTPStatus.FORBIDDEN)


def not_found_page(_request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001 - Django names it
    return in_json(HTTPStatus.NOT_FOUND)


def failed(_request: HttpRequest) -> JsonResponse:
    return in_json(HTTPStatus.INTERNAL_SERVER_ERROR)
