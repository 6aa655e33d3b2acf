"""Documents as they come in JSON (certsign-api.md, Signature requests)."""

import base64
import hashlib
import io
from typing import Any

import pytest
from PIL import Image

from evidence import files
from signing.backend.api import contents
from signing.backend.api.errors import Refused
from signing.backend.api.schemas import RequestBody
from signing.engine import intake
from tests.pdfs import active, sound

CONTRACT = sound.contract(3)


def body(content: bytes = CONTRACT, **members: Any) -> RequestBody:
    return RequestBody.model_validate({"toSignContent": base64.b64encode(content).decode(), **members})


def picture(kind: str = "PNG") -> str:
    out = io.BytesIO()
    Image.new("RGB", (200, 70), "white").save(out, kind)
    return base64.b64encode(out.getvalue()).decode()


def sentence(**members: Any) -> str:
    with pytest.raises(Refused) as refused:
        contents.taken([body(**members)])
    return refused.value.sentence


def test_one_that_is_refused_leaves_none_behind() -> None:
    """Issue, Bad input: nothing is left behind."""
    unique = sound.contract(9)
    with pytest.raises(intake.Refused):
        contents.taken([body(unique), body(active.xfa())])
    with pytest.raises(files.Missing):
        files.path_of(hashlib.sha256(unique).hexdigest())


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_hash_may_be_either(algorithm: str) -> None:
    digest = hashlib.new(algorithm, CONTRACT, usedforsecurity=False).hexdigest()
    (added,) = contents.taken([body(hash=digest.upper())])
    assert added.accepted.sha256 == hashlib.sha256(CONTRACT).hexdigest()
    assert files.path_of(added.accepted.sha256).read_bytes() == CONTRACT


@pytest.mark.parametrize("wrapped", [lambda text: text.rstrip("="), lambda text: "\n".join(text[:76] + text[76:])])
def test_base64_as_libraries_write_it(wrapped: Any) -> None:
    """RFC 4648 without padding, and with line breaks (RFC 2045)."""
    text = wrapped(base64.b64encode(CONTRACT).decode())
    (added,) = contents.taken([RequestBody.model_validate({"toSignContent": text})])
    assert added.accepted.size == len(CONTRACT)


def test_where_the_visible_signature_goes() -> None:
    options = {
        "signatureImageContent": picture("JPEG"),
        "signaturePosX": "12.5",
        "signaturePosY": 20,
        "signaturePage": 2,
    }
    (added,) = contents.taken([body(pdfSignatureOptions=options)])
    assert added.stamp == {"page": 2, "x": 12.5, "y": 20.0}


@pytest.mark.parametrize(
    "options",
    [None, {}, {"signatureText": "", "signatureTextColor": "0000", "signaturePosX": 1}, {"linesOptions": [{}]}],
)
def test_without_content_the_signature_is_invisible(options: Any) -> None:
    (added,) = contents.taken([body(pdfSignatureOptions=options)])
    assert added.stamp is None


def test_what_is_no_place_and_no_image_is_told() -> None:
    text = {"signatureText": "Signé"}
    assert "3 page(s)" in sentence(pdfSignatureOptions={**text, "signaturePage": 4})
    assert "3 page(s)" in sentence(pdfSignatureOptions={**text, "signaturePage": 0})
    no_image = base64.b64encode(b"GIF89a").decode()
    assert "PNG ou JPEG" in sentence(pdfSignatureOptions={"signatureImageContent": no_image})
    cut = base64.b64encode(base64.b64decode(picture())[:60]).decode()
    assert "PNG ou JPEG" in sentence(pdfSignatureOptions={"signatureImageContent": cut})


def test_search_words_come_in_both_forms() -> None:
    (one, two) = contents.taken(
        [body(enableArchive=True, keywords="bail, box", archiverNames=["a"]), body(keywords="bail")]
    )
    assert one.archive == {"accounts": ["a"], "keywords": ["bail", "box"]}
    assert two.archive is None


@pytest.mark.parametrize("text", ["", None])
def test_no_proofs(text: str | None) -> None:
    assert contents.proof(text or "") is None


def test_proofs_that_are_no_zip_are_refused() -> None:
    with pytest.raises(Refused, match="ERROR_FORMAT"):
        contents.proof(base64.b64encode(b"no zip").decode())
