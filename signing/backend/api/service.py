"""The service as one API: its routes, its OpenAPI description, and what each error of the domain is answered with."""

import math
import re
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.timezone import now
from django.utils.translation import get_language_from_request
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from otp import codes
from signing.backend import alone, bare, endings, opening, room
from signing.backend.api import bodies, described, errors, examples, orders, otp, signatures
from signing.backend.api.errors import Label, Refused
from signing.backend.api.loose import members
from signing.backend.models import OrderMoved
from signing.engine import intake

DESCRIPTION = """CertSign User API. Every call needs a client certificate; every refusal is
`{"errorMsg", "errorLabel"}`.
Paths are served with and without a trailing slash; unknown members are ignored, `null` is the same as absent."""


class Described(NinjaAPI):
    """An API whose description has an example of every call, the headers, and the call-back."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description, with what ninja does not know."""
        schema = super().get_openapi_schema(**options)
        examples.put_into(schema)
        described.complete(schema)
        return schema


api = Described(
    title="Paraphe: CertSign User API",
    version="1.0",
    description=DESCRIPTION,
    openapi_url=None,  # served with what is the caller's in it (`served`), and on the people's listener (`page`)
    docs_url=None,
    urls_namespace="service",
    parser=bodies.JsonParser(),
)
api.add_router("", orders.router)
api.add_router("", signatures.router)
api.add_router("", otp.router)


@api.exception_handler(Refused)
def _refused(_request: HttpRequest, error: Refused) -> HttpResponse:
    return error.answer()


@api.exception_handler(ValidationError)
def _not_valid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the first member that is wrong; never what was in it."""
    first: dict[str, Any] = error.errors[0] if error.errors else {}
    named = [*first.get("loc", ()), first.get("ctx", {}).get("member")]
    place = ".".join(str(each) for each in named if isinstance(each, int) or each in members())
    if first.get("type") == "literal_error":
        known = ", ".join(each for each in re.findall("'([^']*)'", first["ctx"]["expected"]) if each)
        return errors.refusal(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, f"{place} : sont admis {known}.")
    sentence = f"{place or 'Le corps'} : cette valeur manque ou n'est pas valable ({first.get('type', 'format')})."
    return errors.refusal(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, sentence)


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _database(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return errors.unavailable()


@api.exception_handler(HttpError)
def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON, of what ninja itself refuses."""
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return errors.refusal(
            HTTPStatus.BAD_REQUEST, Label.BAD_REQUEST, "Le corps n'est pas du JSON en UTF-8 qui se lise."
        )
    return errors.in_json(error.status_code)


@api.exception_handler(intake.Refused)
def _pdf(request: HttpRequest, error: intake.Refused) -> HttpResponse:
    """In French, by the contract; in English for who asks for it (Accept-Language)."""
    sentence = error.sentence_en if get_language_from_request(request) == "en" else error.sentence
    return errors.refusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"ERROR_{error.label}", sentence)


@api.exception_handler(opening.Clash)
@api.exception_handler(alone.Clash)
def _clash(_request: HttpRequest, _error: Exception) -> HttpResponse:
    sentence = "Cet identifiant externe désigne déjà autre chose."
    return errors.refusal(HTTPStatus.CONFLICT, Label.EXTERNAL_ID, sentence)


@api.exception_handler(endings.WrongState)
@api.exception_handler(OrderMoved)
def _wrong_state(_request: HttpRequest, _error: Exception) -> HttpResponse:
    sentence = "L'ordre n'est pas, ou n'est plus, dans un état qui permet cet appel."
    return errors.refusal(HTTPStatus.CONFLICT, Label.STATE, sentence)


@api.exception_handler(room.Full)
def _full(_request: HttpRequest, _error: room.Full) -> HttpResponse:
    sentence = f"Un ordre tient {room.MOST} documents au plus : ouvrez-en un autre pour les suivants."
    return errors.refusal(HTTPStatus.CONFLICT, Label.FULL, sentence)


@api.exception_handler(UnreadablePostError)
def _unreadable(_request: HttpRequest, _error: UnreadablePostError) -> HttpResponse:
    return errors.refusal(
        HTTPStatus.BAD_REQUEST, Label.BAD_REQUEST, "Le corps de la requête n'est pas arrivé en entier."
    )


@api.exception_handler(bare.CodeNeeded)
def _code_needed(_request: HttpRequest, _error: bare.CodeNeeded) -> HttpResponse:
    return errors.refusal(HTTPStatus.CONFLICT, Label.CODE_NEEDED, "Cet ordre demande un code : otp manque.")


@api.exception_handler(codes.Wrong)
def _wrong_code(_request: HttpRequest, error: codes.Wrong) -> HttpResponse:
    left = f"{error.left} essai" if error.left == 1 else f"{error.left} essais"
    return errors.refusal(HTTPStatus.CONFLICT, Label.WRONG_CODE, f"Ce code n'est pas le bon ; encore {left}.")


@api.exception_handler(codes.NoTriesLeft)
@api.exception_handler(codes.Locked)
def _no_tries(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return errors.refusal(HTTPStatus.CONFLICT, Label.NO_TRIES, "Il ne reste aucun essai pour ce code.")


@api.exception_handler(codes.Gone)
def _no_code(_request: HttpRequest, _error: codes.Gone) -> HttpResponse:
    sentence = "Ce code n'est plus valable, ou aucun n'a été envoyé : demandez-en un autre."
    return errors.refusal(HTTPStatus.CONFLICT, Label.NO_CODE, sentence)


@api.exception_handler(codes.Capped)
def _capped(_request: HttpRequest, error: codes.Capped) -> HttpResponse:
    seconds = _seconds_to(error.retry_at)
    sentence = "Le nombre de messages permis par jour, pour ce contact ou ce client, est atteint."
    return Refused(HTTPStatus.TOO_MANY_REQUESTS, Label.CODES_CAPPED, sentence, retry_after=seconds).answer()


@api.exception_handler(codes.TooSoon)
def _too_soon(_request: HttpRequest, error: codes.TooSoon) -> HttpResponse:
    seconds = _seconds_to(error.retry_at)
    sentence = f"Un code vient de partir ; le prochain dans {seconds} secondes."
    return Refused(HTTPStatus.TOO_MANY_REQUESTS, Label.CODE_TOO_SOON, sentence, retry_after=seconds).answer()


def _seconds_to(moment: datetime) -> int:
    """Rounded up: who comes back then is not too early."""
    return max(1, math.ceil((moment - now()).total_seconds()))
