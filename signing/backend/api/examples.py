"""An example of each call of the service, for the OpenAPI description: the body that is sent, what is answered."""

from typing import Any

_ORDER = {"orderRequestId": "4711", "externalOrderRequestId": "BAIL-7781", "status": "CREATED"}
_DOCUMENT = {
    "signatureRequestId": "8150",
    "externalSignatureRequestId": "BAIL-7781-1",
    "orderRequestId": "4711",
    "externalOrderRequestId": "BAIL-7781",
    "status": "SIGN_CREATED",
    "reason": "",
}
_ADD = [
    {
        "externalSignatureRequestId": "BAIL-7781-1",
        "signatureOptions": {
            "signatureType": "PAdES_BASELINE_LTA",
            "digestAlgorithmName": "SHA256",
            "signaturePackagingType": "ENVELOPED",
            "documentType": "INLINE",
        },
        "pdfSignatureOptions": {
            "signaturePosX": 40,
            "signaturePosY": 60,
            "signaturePage": 1,
            "linesOptions": [{"lineContent": "Signé par Camille Martin", "lineFont": "Times_Bold", "lineFontSize": 11}],
        },
        "toSignContent": "JVBERi0xLjcKJeLjz9MK",
    }
]
_OTP = {
    "otpId": "815",
    "externalOtpId": "LOGIN-88",
    "channel": "EMAIL",
    "maskedContact": "c•••@exemple.fr",
    "status": "SENT",
    "validUntil": "2026-11-27T14:40:00+00:00",
    "verifiedAt": None,
}
_VERIFIED = _OTP | {"status": "VERIFIED", "verifiedAt": "2026-11-27T14:32:07.120+00:00"}

BODIES: dict[str, Any] = {
    "createEphemeralOrder": {
        "externalOrderRequestId": "BAIL-7781",
        "holder": {
            "firstname": "Camille",
            "lastname": "Martin",
            "email": "camille@exemple.fr",
            "country": "FR",
            "mobile": "0611111142",
        },
        "enableOtp": True,
        "otpContact": "0611111142",
    },
    "createEphemeralSignatureRequest": _ADD,
    "createTriggeredEphemeralSignatureRequest": _ADD,
    "changeStatus": {"status": "REFUSED"},
    "sendOtp": {"contact": "camille@exemple.fr", "externalOtpId": "LOGIN-88"},
    "verifyOtp": {"otpId": "815", "otp": "042117"},
    "authenticateOtp": {"contact": "camille@exemple.fr", "otp": "042117"},
}
"""By operation; a call that is not here takes no body."""

ANSWERS: dict[str, Any] = {
    "createEphemeralOrder": _ORDER,
    "getOrderStatus": _ORDER | {"status": "CLOSED"},
    "searchOrders": [_ORDER],
    "createEphemeralSignatureRequest": [_DOCUMENT],
    "createTriggeredEphemeralSignatureRequest": [_DOCUMENT],
    "validateTriggeredEphemeralOrderRequest": [_DOCUMENT | {"status": "SIGN_AWAITING_VALIDATION"}],
    "signEphemeralOrderRequest": [_DOCUMENT | {"status": "SIGNED"}],
    "signTriggeredEphemeralOrderRequest": [_DOCUMENT | {"status": "SIGNED"}],
    "getSignatureRequestStatus": _DOCUMENT
    | {"status": "SIGNED", "signedContent": "JVBERi0xLjcK…", "signingDate": "2026-11-27T14:32:07.120+00:00"},
    "searchSignatureRequests": [_DOCUMENT],
    "sendOtp": _OTP,
    "verifyOtp": _VERIFIED,
    "authenticateOtp": _VERIFIED,
}
"""By operation; one that is not here answers nothing (204)."""


def put_into(description: dict[str, Any]) -> None:
    """Add the examples to an OpenAPI description, in place."""
    for item in description["paths"].values():
        for operation in item.values():
            name = operation["operationId"]
            if name in BODIES and "requestBody" in operation:
                operation["requestBody"]["content"]["application/json"]["example"] = BODIES[name]
            answer = operation["responses"].get("200") or operation["responses"].get(200)
            if name in ANSWERS and answer is not None:
                answer["content"]["application/json"]["example"] = ANSWERS[name]
