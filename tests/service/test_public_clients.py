"""What two public client libraries send, octet for octet as far as it matters, and what they read of the answers.

One (Ruby) sends `null` with GET, echoes answers as bodies and `asyncPostUrl=/`; one (PHP) has a base URL that ends in a
slash, sends `[]` where no body is needed, and takes the name of a document out of its own id.
"""

import base64
import http.client
import io
import json
import ssl
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from tests.pdfs import sound
from tests.service.integrator import Integrator
from tests.stack import Stack

_LINE = {"lineColor": 0, "lineFontSize": 8, "lineFont": "Times_roman", "linePosXInImage": 45}
LINES = [
    {**_LINE, "lineContent": "Signé le 2026-11-27 14:00:00 +0100", "linePosYInImage": 31},
    {**_LINE, "lineContent": "Par son altesse le sérénissime John DOE", "linePosYInImage": 19},
    {**_LINE, "lineContent": "Qui sera bien avisé de continuer", "linePosYInImage": 7},
]


@dataclass
class Wire:
    """One connection after the other, the path and body as given."""

    stack: Stack

    def call(self, method: str, path: str, body: str | None) -> tuple[int, Any]:
        sandbox = self.stack.state / "sandbox"
        context = ssl.create_default_context(cafile=sandbox / "tls-root.crt")
        context.load_cert_chain(sandbox / "client.crt", sandbox / "client.key")
        connection = http.client.HTTPSConnection("localhost", self.stack.service_port, timeout=60, context=context)
        headers = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        assert answer.getheader("Location") is None
        return answer.status, json.loads(content)


@pytest.fixture
def wire(stack: Stack) -> Wire:
    return Wire(stack)


def image() -> str:
    out = io.BytesIO()
    Image.new("RGB", (250, 40), "white").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_the_ruby_library(wire: Wire) -> None:
    order_id = "MIPISE-5f0c7c1e-0000-4000-8000-000000000001"
    ordered = {
        "externalOrderRequestId": order_id,
        "holder": {
            "firstname": "John",
            "lastname": "DOE",
            "email": "john.doe@example.fr",
            "mobile": "0611111111",
            "country": "FR",
        },
        "proofFolder": {"zipFiles": ""},
        "clientIdentifier": "5f0c7c1e-0000-4000-8000-000000000001",
        "enableOtp": False,
        "enableEmail": False,
        "enableSharing": False,
    }
    status, order = wire.call("POST", "/ephemeral/orders", json.dumps(ordered))
    assert (status, order["externalOrderRequestId"]) == (200, order_id)
    document = {
        "signatureOptions": {
            "signatureType": "PAdES_BASELINE_LTA",
            "digestAlgorithmName": "SHA256",
            "signaturePackagingType": "ENVELOPED",
            "documentType": "INLINE",
        },
        "pdfSignatureOptions": {
            "signatureImageContent": image(),
            "signaturePosX": 50,
            "signaturePosY": 100,
            "signaturePage": 2,
            "linesOptions": LINES,
        },
        "enableArchive": False,
        "toSignContent": encoded(sound.contract(2)),
    }
    of = f"orderRequestId={order['orderRequestId']}&externalOrderRequestId={order_id}"
    status, added = wire.call("POST", f"/ephemeral/signatures?{of}", json.dumps([document]))
    assert status == 200
    sign = f"/ephemeral/signatures/sign?asyncPostUrl=/&externalOrderRequestId={order_id}&mode=SYNC"
    status, signed = wire.call("POST", f"{sign}&orderRequestId={order['orderRequestId']}", json.dumps(added))
    assert (status, signed[0]["status"]) == (200, "SIGNED")
    status, told = wire.call("GET", f"/ephemeral/signatures?id={signed[0]['signatureRequestId']}", "null")
    assert status == 200
    assert base64.b64decode(told["signedContent"], validate=True).startswith(b"%PDF")


def of_php(order: str, name: str, content: bytes, *, with_image: bool = True) -> dict[str, Any]:
    return {
        "externalSignatureRequestId": f"{order}_{name}",
        "signatureOptions": {
            "signatureType": "PAdES_BASELINE_LTA",
            "digestAlgorithmName": "SHA256",
            "signaturePackagingType": "ENVELOPED",
            "documentType": "INLINE",
        },
        "pdfSignatureOptions": {
            "signatureTextColor": "0000",
            "signatureTextFontSize": "10",
            "fontFamily": "Courier",
            "fontStyle": "Normal",
            "signatureText": "",
            "signatureImageContent": image() if with_image else None,
            "signaturePosX": 100,
            "signaturePosY": 120,
            "signaturePage": 1,
        },
        "toSignContent": encoded(content),
    }


@pytest.mark.parametrize("base", ["", "/"], ids=["base without slash", "base with slash"])
@pytest.mark.parametrize("otp", [False, True], ids=["without code", "with code"])
def test_the_php_library(wire: Wire, stack: Stack, base: str, *, otp: bool) -> None:
    contact = f"061111115{int(otp) + 2 * len(base)}"
    ordered = {
        "holder": {
            "firstname": "Jean",
            "lastname": "Jean",
            "email": "jean@exemple.fr",
            "mobile": contact,
            "country": "FR",
        },
        "enableOtp": otp,
        "otpContact": contact if otp else None,
        "clientIdentifier": "dossier-12",
    }
    status, order = wire.call("POST", f"{base}/ephemeral/orders", json.dumps(ordered))
    assert status == 200
    number = order["orderRequestId"]
    trigger = "trigger/" if otp else ""
    documents = [of_php(number, "DOC1", sound.contract(1)), of_php(number, "DOC2", sound.terms(), with_image=False)]
    status, added = wire.call(
        "POST", f"{base}/ephemeral/{trigger}signatures?orderRequestId={number}", json.dumps(documents)
    )
    assert (status, len(added)) == (200, 2)
    sign = f"{base}/ephemeral/{trigger}signatures/sign?mode=SYNC&orderRequestId={number}"
    if otp:
        assert (
            wire.call("POST", f"{base}/ephemeral/trigger/signatures/validate?orderRequestId={number}", "[]")[0] == 200
        )
        with Integrator(stack) as calling:
            code = calling.code("+33" + contact[1:])
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        status, refused = wire.call("POST", f"{sign}&otp={wrong}", "[]")
        assert refused["errorLabel"] == "ERROR_MAUVAIS_CODE"
        assert "encore 4 essai" in refused["errorMsg"]
        sign += f"&otp={code}"
    status, signed = wire.call("POST", sign, "[]")
    assert (status, [each["status"] for each in signed]) == (200, ["SIGNED", "SIGNED"])
    names = []
    for each in signed:
        status, told = wire.call("GET", f"{base}/ephemeral/signatures/?id={each['signatureRequestId']}", None)
        names.append(told["externalSignatureRequestId"].split("_")[1])
        assert base64.b64decode(told["signedContent"]).startswith(b"%PDF")
    assert names == ["DOC1", "DOC2"]
