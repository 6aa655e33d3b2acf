"""The members of CertSign's JSON (certsign-api.md): what is read and what is answered."""

from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, JsonValue, model_validator

from signing.backend.api import errors
from signing.backend.api.codes import ApplicationCode
from signing.backend.api.contacts import COUNTRIES
from signing.backend.api.loose import Answer, Loose
from signing.backend.api.options import PdfSignatureOptions
from signing.backend.wording import SHORT, OrderWord, RequestWord
from signing.engine import names, refusals

LABELS: list[JsonValue] = [*map(str, errors.Label), *(f"ERROR_{each}" for each in refusals.Label)]
MOST_DOCUMENTS = 20
LONGEST_URL = 2000
OF_ORDER = "repeats the query, or names the order where the query does not"
Text = Annotated[str, Field(max_length=300)]


def _text(value: str) -> str:
    """What an id is of: nothing that a dossier, which is XML, cannot hold."""
    if names.has_controls(value):
        raise ValueError("a control character")
    return value


ExternalId = Annotated[str, Field(max_length=200), AfterValidator(_text)]


class Error(Answer):
    """Every refused call."""

    error_msg: str = Field(
        description="for people, in French", examples=["Ce code n'est pas le bon ; encore 4 essais."]
    )
    error_label: str = Field(
        description="for programs", examples=["ERROR_MAUVAIS_CODE"], json_schema_extra={"enum": LABELS}
    )


class Which(Loose):
    """An order or a request by either of its ids."""

    id: str | None = None
    external_id: str | None = None


class OfOrder(Loose):
    """The order that a call is about, by either of its ids."""

    order_request_id: str | None = None
    external_order_request_id: str | None = None


class Holder(Loose):
    """The signer."""

    firstname: Annotated[Text, Field(min_length=1)]
    lastname: Annotated[Text, Field(min_length=1)]
    email: Annotated[str, Field(min_length=3, max_length=254, json_schema_extra={"format": "email"})]
    country: Annotated[
        str,
        Field(
            pattern="^[A-Za-z]{2}$",
            description="ISO 3166-1 alpha-2",
            examples=["FR"],
            json_schema_extra={"enum": [*sorted(COUNTRIES)]},
        ),
    ]
    mobile: Annotated[str, Field(max_length=32)] = ""
    id_number: Annotated[str, Field(max_length=64)] = ""
    id_type: Literal["IDCARD", "PASSPORT", "DRIVING", "RESIDENCE", ""] = ""


class ProofFolder(Loose):
    """Elements of proof that the integrator adds to the dossier."""

    zip_files: str = Field("", description="a ZIP in base64")


class OrderBody(Loose):
    """POST /ephemeral/orders."""

    unjudged = frozenset({"clientIdentifier"})

    external_order_request_id: ExternalId | None = None
    holder: Holder
    proof_folder: ProofFolder = ProofFolder()
    client_identifier: str = ""
    enable_otp: bool = False
    otp_contact: Annotated[str, Field(max_length=254)] = ""
    enable_email: bool = False
    enable_sharing: bool = False


class OrderAnswer(Answer):
    """An order and where it stands."""

    order_request_id: str = Field(examples=["4711"])
    external_order_request_id: str | None
    status: OrderWord


class SignatureOptions(Loose):
    """How a document is signed."""

    signature_type: Literal["PAdES_BASELINE_B", "PAdES_BASELINE_T", "PAdES_BASELINE_LT", "PAdES_BASELINE_LTA"] = (
        "PAdES_BASELINE_LTA"
    )
    digest_algorithm_name: Literal["SHA256", "SHA512"] = "SHA256"
    signature_packaging_type: Literal["ENVELOPED"] = "ENVELOPED"
    document_type: Literal["INLINE"] = "INLINE"


class RequestBody(Loose):
    """One document of POST /ephemeral/signatures."""

    external_signature_request_id: ExternalId | None = None
    order_request_id: Annotated[str, Field(description=OF_ORDER)] = ""
    external_order_request_id: Annotated[str, Field(description=OF_ORDER)] = ""
    signature_options: SignatureOptions = SignatureOptions()
    pdf_signature_options: PdfSignatureOptions = PdfSignatureOptions()
    enable_archive: bool = False
    archiver_names: list[str] | str = ""
    keywords: list[str] | str = ""
    hash: Annotated[
        str, Field(description="SHA-1 or SHA-256 of the document, hexadecimal or base64; where given, judged")
    ] = ""
    to_sign_content: Annotated[str, Field(description="the PDF in base64")]

    @model_validator(mode="after")
    def _archive_words(self) -> Self:
        for name in ("archiver_names", "keywords"):
            value = getattr(self, name)
            if isinstance(value, str):
                setattr(self, name, [each.strip() for each in value.split(",") if each.strip()])
        return self


class RequestAnswer(Answer):
    """A document and where its signature stands."""

    signature_request_id: str
    external_signature_request_id: str | None
    order_request_id: str
    external_order_request_id: str | None
    status: RequestWord
    reason: str = Field(description="the error, where the status says failed; else empty")


class SignedAnswer(RequestAnswer):
    """The same with the signed document, once it is signed."""

    signed_content: str | None = Field(None, description="the signed PDF in base64")
    signing_date: str | None = Field(None, description="ISO 8601 with zone")


class StatusBody(Loose):
    """PATCH /ephemeral/signatures."""

    status: Literal["REFUSED"]


class SignQuery(OfOrder):
    """How to sign, and with which code."""

    unjudged = frozenset({"smsApplicationCode"})

    mode: Literal["SYNC", "ASYNC"] = "SYNC"
    async_post_url: Annotated[
        str,
        Field(
            description=f"mode=ASYNC: where the final statuses are posted, https at a registered host, {LONGEST_URL} "
            "characters at most; else ignored",
            examples=["https://rappels.exemple.fr/signatures"],
        ),
    ] = ""
    otp: Annotated[str, Field(max_length=64, description="the code that the signer typed")] = ""
    sms_application_code: Annotated[str, Field(description="taken and ignored: nothing is sent by this call")] = ""


class ValidateQuery(OfOrder):
    """Whose code to send."""

    sms_application_code: ApplicationCode = ""


class SearchQuery(Loose):
    """Orders of a holder."""

    email: str = ""
    mobile: str = ""
    ra_profile: Annotated[
        str, Field(description="taken; a client has one profile, its account: alone it finds its newest 200 orders")
    ] = ""


class RequestSearch(OfOrder):
    """Documents of an order."""

    status: Annotated[
        str,
        Field(
            description=f"one of {', '.join(get_args(RequestWord))}; {', '.join(SHORT)} is read as "
            f"{', '.join(SHORT.values())}; another word finds none",
            examples=["SIGNED"],
        ),
    ] = ""
