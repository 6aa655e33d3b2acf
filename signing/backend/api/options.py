"""The members of a visible signature (certsign-api.md, pdfSignatureOptions), read as loosely as the rest."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from signing.backend.api.loose import Loose
from signing.engine.lines import FONTS

MOST_LINES = 50
WITH_TEXT = "read only where signatureText is given"
_OF_TEXT = {"signatureTextColor", "signatureTextFontSize", "fontFamily", "fontStyle"}
_COLOUR = re.compile("(#|0x)?[0-9A-Fa-f]{0,8}")
_FURTHEST = 100_000.0
_BY_LOWER = {name.lower(): name for name in FONTS}
_NAMED = ", ".join(f"'{name}'" for name in FONTS)


def _font(name: str) -> str:
    found = _BY_LOWER.get(name.lower())
    if found is None:
        raise PydanticCustomError("literal_error", "no font of the contract", {"expected": _NAMED})
    return found


def _hexadecimal(colour: str) -> str:
    if not _COLOUR.fullmatch(colour):
        raise ValueError("no colour")
    return colour.removeprefix("#").removeprefix("0x")


def _number(given: Any) -> Any:
    """True is no 1 here: who sends it means something else."""
    if isinstance(given, bool):
        raise PydanticCustomError("number_type", "no number")
    return given


def _near(points: float) -> float:
    """As far out as no page reaches (ISO 32000-2, Annex C): what is drawn is moved onto its page from there."""
    return max(-_FURTHEST, min(_FURTHEST, points))


Number = BeforeValidator(_number)
Coordinate = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_near), Number]
Size = Annotated[float, Field(gt=0, le=1000), Number]
Colour = Annotated[
    int, Field(ge=-(2**31), lt=2**32, description="RGB as one integer; of 32 bits the upper eight say nothing"), Number
]
"""With the alpha of a Java `Color` above it, with a sign or without; what has more bits is no colour."""
Font = Annotated[str, AfterValidator(_font), Field(json_schema_extra={"enum": list(FONTS)}, examples=["Times_Bold"])]


class Line(Loose):
    """One line of text over the image."""

    line_content: Annotated[
        str, Field(max_length=1000, description="blank: nothing is drawn", examples=["Signé par Camille Martin"])
    ]
    line_font: Font = "Helvetica"
    line_font_size: Annotated[Size, Field(description="points")] = 10
    line_color: Annotated[Colour, Field(examples=[16711680])] = 0
    line_pos_x_in_image: Annotated[Coordinate, Field(description="points from the left of the image")] = 2
    line_pos_y_in_image: Annotated[Coordinate, Field(description="points from its bottom to the text's baseline")] = 2


class PdfSignatureOptions(Loose):
    """The visible signature; without any content the signature is invisible."""

    signature_image_content: str = Field("", description="PNG or JPEG in base64; its pixels are points on the page")
    signature_pos_x: Annotated[Coordinate, Field(description="points from the left of the page")] | None = None
    signature_pos_y: Annotated[Coordinate, Field(description="points from the bottom of the page")] | None = None
    signature_page: Annotated[int, Field(description="1 is the first page"), Number] | None = None
    lines_options: Annotated[list[Line], Field(max_length=MOST_LINES)] = []
    signature_text: Annotated[str, Field(max_length=1000, description="the older form of one line")] = ""
    signature_text_color: Annotated[
        str,
        AfterValidator(_hexadecimal),
        WithJsonSchema({"type": "string", "description": f"hexadecimal; {WITH_TEXT}", "examples": ["FF0000"]}),
    ] = ""
    signature_text_font_size: Annotated[
        Size, WithJsonSchema({"type": ["number", "string"], "description": f"points, up to 1000; {WITH_TEXT}"})
    ] = 10
    font_family: Annotated[str, Field(max_length=100)] = ""
    font_style: Annotated[str, Field(max_length=100)] = ""

    @model_validator(mode="before")
    @classmethod
    def _nothing_of_no_text(cls, given: Any) -> Any:
        """What is said of a text that is not there is not judged: clients send the members of a form whole."""
        if not isinstance(given, dict) or str("" if (said := given.get("signatureText")) is None else said).strip():
            return given
        return {name: value for name, value in given.items() if name not in _OF_TEXT}

    @property
    def is_visible(self) -> bool:
        """Whether there is anything to be seen."""
        lines = any(line.line_content for line in self.lines_options)
        return bool(self.signature_image_content or self.signature_text or lines)
