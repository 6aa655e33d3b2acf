"""The members of calls about codes alone: ours, in the manner of the contract."""

from typing import Annotated, Literal

from pydantic import Field

from signing.backend.api.loose import Answer, Loose

Contact = Annotated[
    str,
    Field(
        min_length=3,
        max_length=254,
        description="an e-mail address, or a phone number: national as written in `country`, or E.164",
        examples=["camille@exemple.fr"],
    ),
]
Country = Annotated[str, Field(pattern="^[A-Za-z]{2}$", description="ISO 3166-1 alpha-2, of a national number")]
Code = Annotated[str, Field(min_length=1, max_length=64, description="as the person typed it", examples=["042 117"])]
ExternalOtpId = Annotated[str, Field(max_length=200, description="your own id of this sending", examples=["LOGIN-88"])]
ApplicationCode = Annotated[
    str, Field(max_length=20, description="named beside the client in an SMS", examples=["Espace client"])
]


class Send(Loose):
    """POST /otp/send."""

    contact: Contact
    country: Country = "FR"
    external_otp_id: ExternalOtpId | None = None
    sms_application_code: ApplicationCode = ""


class Verify(Loose):
    """POST /otp/verify; either id suffices."""

    otp_id: Annotated[str, Field(examples=["815"])] | None = None
    external_otp_id: ExternalOtpId | None = None
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
