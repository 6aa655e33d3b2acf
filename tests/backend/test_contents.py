"""Documents as they come in JSON (certsign-api.md, Signature requests)."""

import base64
import hashlib
import io
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError

from evidence import files
from signing.backend.added import Added
from signing.backend.api import contents
from signing.backend.api.errors import Refused
from signing.backend.api.schemas import RequestBody
from signing.engine import intake, pages
from signing.engine.lines import Line
from tests.pdfs import active, sound

CONTRACT = sound.contract(3)


def body(content: bytes = CONTRACT, **members: Any) -> RequestBody:
    return RequestBody.model_validate({"toSignContent": base64.b64encode(content).decode(), **members})


def taken(bodies: list[RequestBody], limits: intake.Limits = intake.DEFAULT) -> list[Added]:
    return contents.taken(bodies, limits=limits)


def picture(kind: str = "PNG") -> str:
    out = io.BytesIO()
    Image.new("RGB", (200, 70), "white").save(out, kind)
    return base64.b64encode(out.getvalue()).decode()


def sentence(**members: Any) -> str:
    with pytest.raises(Refused) as refused:
        taken([body(**members)])
    return refused.value.sentence


def test_one_that_is_refused_leaves_none_behind() -> None:
    """Issue, Bad input: nothing is left behind."""
    unique = sound.contract(9)
    with pytest.raises(intake.Refused):
        taken([body(unique), body(active.xfa())])
    with pytest.raises(files.Missing):
        files.path_of(hashlib.sha256(unique).hexdigest())


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_hash_may_be_either(algorithm: str) -> None:
    digest = hashlib.new(algorithm, CONTRACT, usedforsecurity=False).hexdigest()
    (added,) = taken([body(hash=digest.upper())])
    assert added.accepted.sha256 == hashlib.sha256(CONTRACT).hexdigest()
    assert files.path_of(added.accepted.sha256).read_bytes() == CONTRACT


@pytest.mark.parametrize("wrapped", [lambda text: text.rstrip("="), lambda text: "\n".join(text[:76] + text[76:])])
def test_base64_as_libraries_write_it(wrapped: Any) -> None:
    """RFC 4648 without padding, and with line breaks (RFC 2045)."""
    text = wrapped(base64.b64encode(CONTRACT).decode())
    (added,) = taken([RequestBody.model_validate({"toSignContent": text})])
    assert added.accepted.size == len(CONTRACT)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_hash_comes_in_both_writings(algorithm: str) -> None:
    """certsign-api.md, hash, in hexadecimal or as libraries write binary in JSON."""
    right, wrong = (hashlib.new(algorithm, each, usedforsecurity=False) for each in (CONTRACT, b"other"))
    taken([body(hash=right.hexdigest().upper()), body(hash=base64.b64encode(right.digest()).decode())])
    for text in (wrong.hexdigest(), base64.b64encode(wrong.digest()).decode(), right.hexdigest()[1:]):
        assert "base64" in sentence(hash=text)


def test_where_the_visible_signature_goes() -> None:
    options: dict[str, Any] = {
        "signatureImageContent": picture("JPEG"),
        "signaturePosX": "12.5",
        "signaturePosY": 20,
        "signaturePage": 2,
    }
    (added,) = taken([body(pdfSignatureOptions=options)])
    image = base64.b64decode(options["signatureImageContent"])
    digest = hashlib.sha256(image).hexdigest()
    assert added.stamp == {"page": 2, "x": 12.5, "y": 20.0, "lines": [], "image": digest}
    assert files.path_of(digest).read_bytes() == image


@pytest.mark.parametrize(
    "options",
    [
        None,
        {},
        {"signatureText": "", "signatureTextColor": "0000", "signaturePosX": 1},
        {"signatureText": " ", "signatureTextColor": "black", "signatureTextFontSize": "0"},
        {"signatureTextColor": "black", "fontFamily": "x" * 101},
        {"linesOptions": [{"lineContent": ""}]},
    ],
)
def test_without_content_the_signature_is_invisible(options: Any) -> None:
    (added,) = taken([body(pdfSignatureOptions=options)])
    assert added.stamp is None


@pytest.mark.parametrize("far", [1e9, "-1e300", 10**30])
def test_a_place_however_far_out_is_moved_onto_the_page(far: Any) -> None:
    """Where it then stands is `pages.place`'s, as for one that is a point too far."""
    asked = {"signatureText": "Lu", "signaturePosX": far, "signaturePosY": far, "signaturePage": 1}
    (added,) = taken([body(pdfSignatureOptions=asked)])
    assert added.stamp is not None
    sheet = pages.page_box([0, 0, 595, 842])
    placed = pages.place(sheet, 100, 40, x=added.stamp["x"], y=added.stamp["y"])
    assert placed.rect == pytest.approx((0, 0, 100, 40) if float(far) < 0 else (495, 802, 595, 842))


def test_what_is_no_place_and_no_image_is_told() -> None:
    text = {"signatureText": "Signé"}
    assert "3 page(s)" in sentence(pdfSignatureOptions={**text, "signaturePage": 4})
    assert "3 page(s)" in sentence(pdfSignatureOptions={**text, "signaturePage": 0})
    no_image = base64.b64encode(b"GIF89a").decode()
    assert "PNG ou JPEG" in sentence(pdfSignatureOptions={"signatureImageContent": no_image})
    cut = base64.b64encode(base64.b64decode(picture())[:60]).decode()
    assert "PNG ou JPEG" in sentence(pdfSignatureOptions={"signatureImageContent": cut})


def test_lines_come_with_what_the_contract_says_where_they_say_nothing() -> None:
    """certsign-api.md, linesOptions: 10 points, black, at 2 and 2; numbers may come as strings, names in any case."""
    lines = [
        {"lineContent": "Signé par Camille"},
        {"lineContent": "le 27", "lineFont": "times_bold_ITALIC", "lineFontSize": "12", "lineColor": "16711680"},
        {"lineContent": "à Lyon", "lineColor": -65536, "linePosXInImage": 7.5, "linePosYInImage": "3"},
        {"lineContent": " "},
    ]
    (added,) = taken([body(pdfSignatureOptions={"linesOptions": lines})])
    assert added.stamp is not None
    assert [Line(**{**each, "colour": tuple(each["colour"])}) for each in added.stamp["lines"]] == [
        Line("Signé par Camille", "Helvetica", 10, (0, 0, 0), 2, 2),
        Line("le 27", "Times_Bold_Italic", 12, (1, 0, 0), 2, 2),
        Line("à Lyon", "Helvetica", 10, (1, 0, 0), 7.5, 3),
    ]
    assert "page" not in added.stamp


@pytest.mark.parametrize(
    ("members", "font", "size", "colour"),
    [
        ({}, "Helvetica", 10, (0, 0, 0)),
        ({"fontFamily": "Times New Roman", "fontStyle": "BOLD_ITALIC"}, "Times_Bold_Italic", 10, (0, 0, 0)),
        ({"fontFamily": "TimesRoman", "fontStyle": "0"}, "Times_roman", 10, (0, 0, 0)),
        ({"fontFamily": "Courier", "fontStyle": "2"}, "Courier_Italic", 10, (0, 0, 0)),
        ({"fontFamily": "Arial", "fontStyle": "Italic"}, "Helvetica_Oblique", 10, (0, 0, 0)),
        ({"signatureTextColor": "#FF0000", "signatureTextFontSize": "14"}, "Helvetica", 14, (1, 0, 0)),
        ({"signatureTextColor": "0000", "signatureTextFontSize": ""}, "Helvetica", 10, (0, 0, 0)),
    ],
)
def test_the_older_form_of_one_line(members: Any, font: str, size: float, colour: Any) -> None:
    (added,) = taken([body(pdfSignatureOptions={"signatureText": "Signé", **members})])
    assert added.stamp is not None
    (line,) = added.stamp["lines"]
    assert (line["text"], line["font"], line["size"], tuple(line["colour"])) == ("Signé", font, size, colour)


@pytest.mark.parametrize(
    "options",
    [
        {"linesOptions": [{"lineContent": "x", "lineFont": "Comic"}]},
        {"linesOptions": [{"lineContent": "x", "lineFontSize": 0}]},
        {"linesOptions": [{"lineContent": "x", "lineColor": "rouge"}]},
        {"linesOptions": [{"lineContent": "x"}] * 51},
        {"signatureText": "x", "signatureTextColor": "rouge"},
        {"signatureText": 0, "signatureTextFontSize": "0"},
        {"linesOptions": [{}]},
        {"linesOptions": [{"lineContent": None}]},
        *({"signatureText": "x", "signaturePosX": none} for none in ("NaN", "-Infinity", "1e400", float("inf"))),
    ],
)
def test_what_is_no_line_is_refused(options: Any) -> None:
    with pytest.raises(ValidationError):
        body(pdfSignatureOptions=options)


def test_a_text_that_no_font_draws_is_refused() -> None:
    """signing-engine.md, trap 2: never an empty stamp."""
    cuneiform = "\U00012000\U00012001"
    assert cuneiform in sentence(pdfSignatureOptions={"linesOptions": [{"lineContent": cuneiform}]})


def test_level_and_digest_are_those_asked_for() -> None:
    options = {"signatureType": "PAdES_BASELINE_T", "digestAlgorithmName": "SHA512"}
    one, two = taken([body(signatureOptions=options), body(signatureOptions=None)])
    assert (one.level, one.digest) == ("PAdES_BASELINE_T", "sha512")
    assert (two.level, two.digest) == ("PAdES_BASELINE_LTA", "sha256")


def test_search_words_come_in_both_forms() -> None:
    (one, two) = taken([body(enableArchive=True, keywords="bail, box", archiverNames=["a"]), body(keywords="bail")])
    assert one.archive == {"accounts": ["a"], "keywords": ["bail", "box"]}
    assert two.archive is None


@pytest.mark.parametrize("text", ["", None])
def test_no_proofs(text: str | None) -> None:
    assert contents.proof(text or "") is None


def test_proofs_that_are_no_zip_are_refused() -> None:
    with pytest.raises(Refused, match="ERROR_FORMAT"):
        contents.proof(base64.b64encode(b"no zip").decode())
