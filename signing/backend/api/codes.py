"""The members of calls about codes alone: ours, in the manner of the contract."""

import re
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema
from pydantic.config import JsonDict

from signing.backend.api.contacts import APPLICATION, COUNTRIES, E164, NATIONAL
from signing.backend.api.loose import Answer, Loose

TEXT, NUMBER, NULL = {"type": "string"}, {"type": "number"}, {"type": "null"}
NO_NUL = "^[^\\u0000]*$"


def _described(*kinds: JsonDict, said: str, example: str) -> WithJsonSchema:
    """What a member takes, to the letter: null is the same as absent, an id or a code may come as a number."""
    return WithJsonSchema({"anyOf": list(kinds), "description": said, "examples": [example]})


Contact = Annotated[
    str,
    Field(min_length=3, max_length=254),
    _described(
        TEXT | {"format": "email", "maxLength": 254},
        TEXT | {"pattern": E164},
        TEXT | {"pattern": NATIONAL},
        {"type": "integer", "minimum": 1_000_000, "maximum": 999_999_999_999_999},
        said="an e-mail address, or a phone number: E.164, or national as written in `country`; "
        "a number that no SMS can go to is 409",
        example="camille@exemple.fr",
    ),
]
Country = Annotated[
    str,
    Field(strict=True, pattern="^[A-Za-z]{2}$"),
    _described(
        TEXT | {"enum": [*sorted(COUNTRIES)]}, NULL, said="ISO 3166-1 alpha-2, of a national number", example="FR"
    ),
]
Code = Annotated[
    str,
    Field(min_length=1, max_length=64),
    _described(
        TEXT | {"minLength": 1, "maxLength": 64, "pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"},
        NUMBER,
        said="as the person typed it",
        example="042 117",
    ),
]
ExternalOtpId = Annotated[
    str | None,
    Field(max_length=200),
    _described(
        TEXT | {"maxLength": 200, "pattern": NO_NUL},
        NUMBER,
        NULL,
        said="your own id of this sending",
        example="LOGIN-88",
    ),
]
ApplicationCode = Annotated[
    str,
    Field(strict=True, max_length=20),
    _described(
        TEXT | {"maxLength": 20, "pattern": f"^[{re.escape(''.join(sorted(APPLICATION)))}]*$"},
        NULL,
        said="named beside the client in an SMS",
        example="Espace client",
    ),
]


class Send(Loose):
    """POST /otp/send."""

    contact: Contact
    country: Country = "FR"
    external_otp_id: ExternalOtpId = None
    sms_application_code: ApplicationCode = ""


class Verify(Loose):
    """POST /otp/verify; either id suffices."""

    otp_id: Annotated[
        str | None, _described(TEXT | {"pattern": NO_NUL}, NUMBER, NULL, said="our id of the sending", example="815")
    ] = None
    external_otp_id: ExternalOtpId = None
    otp: Code


class Authenticate(Loose):
    """POST /otp/authenticate."""

    contact: Contact
    country: Country = "FR"
    otp: Code


class OtpAnswer(Answer):
    """A code alone and what became of it."""

    otp_id: str = Field(examples=["815"])
    external_otp_id: str | None = Field(examples=["LOGIN-88"])
    channel: Literal["EMAIL", "SMS"]
    masked_contact: str = Field(examples=["c•••@exemple.fr"])
    status: Literal["WAITING", "SENT", "FAILED", "VERIFIED"]
    valid_until: str | None = Field(description="ISO 8601 with zone")
    verified_at: str | None = Field(None, description="ISO 8601 with zone, once the right code was typed")
