"""What an integrator asks of a signature over REST is what the signed file has: levels, digests, image and lines."""

import base64
import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from tests.pdfs import sound
from tests.service.integrator import Integrator, document
from tests.stack import Stack
from tests.verification import judges


@pytest.fixture
def image() -> str:
    out = io.BytesIO()
    Image.new("RGB", (160, 60), (230, 240, 255)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def signed(integrator: Integrator, body: dict[str, object], folder: Path) -> Path:
    number = integrator.order()["orderRequestId"]
    integrator.ok("POST", "/ephemeral/signatures", [body], orderRequestId=number)
    (done,) = integrator.ok("POST", "/ephemeral/signatures/sign", orderRequestId=number, mode="SYNC")
    assert (done["status"], done["reason"]) == ("SIGNED", "")
    told = integrator.ok("GET", "/ephemeral/signatures", id=done["signatureRequestId"])
    file = folder / "signed.pdf"
    file.write_bytes(base64.b64decode(told["signedContent"]))
    return file


@pytest.mark.parametrize("digest", ["SHA256", "SHA512"])
@pytest.mark.parametrize("level", ["B", "T", "LT", "LTA"])
def test_the_level_and_the_digest_asked_for(stack: Stack, level: str, digest: str, tmp_path: Path) -> None:
    options = {"signatureType": f"PAdES_BASELINE_{level}", "digestAlgorithmName": digest}
    with Integrator(stack) as integrator:
        file = signed(integrator, document(sound.contract(1), signatureOptions=options), tmp_path)
    report = json.loads(stack.manage("verify", file, check=False).stdout)
    assert report["signatures"][0]["level"] == f"B-{level}"
    at = datetime.fromisoformat(report["signatures"][0]["when"])
    root = stack.state / "sandbox" / "root.crt"
    assert digest.replace("SHA", "SHA-") in judges.pdfsig(file, root=root, at=at)[0].words


def test_image_lines_and_the_older_form_are_seen(stack: Stack, image: str, tmp_path: Path) -> None:
    """certsign-api.md, pdfSignatureOptions: text over the image, both forms at once."""
    options = {
        "signatureImageContent": image,
        "signaturePosX": "400",
        "signaturePosY": 14.5,
        "signaturePage": 2,
        "linesOptions": [
            {"lineContent": "Signé par Camille", "lineFont": "Times_Bold", "lineColor": 255, "linePosYInImage": 18},
            {"lineContent": "le 27/11/2026", "lineFont": "Courier_not_archived", "linePosYInImage": 36},
        ],
        "signatureText": "Bon pour accord",
        "signatureTextColor": "0000",
    }
    with Integrator(stack) as integrator:
        file = signed(integrator, document(sound.contract(3), pdfSignatureOptions=options), tmp_path)
    text = judges.text(file).split("\f")
    for line in ("Signé par Camille", "le 27/11/2026", "Bon pour accord"):
        assert [line in page for page in text[:3]] == [False, True, False]
    assert judges.fonts(file)["Courier"] == "no"
