"""What can be called with what a call answered (OpenAPI 3.1, Link Object): for readers and for tools that follow it."""

from typing import Any

ORDER, REQUEST = "$response.body#/orderRequestId", "$response.body#/0/signatureRequestId"


def _link(operation: str, parameter: str, value: str) -> dict[str, Any]:
    return {"operationId": operation, "parameters": {parameter: value}}


after_order: dict[str, Any] = {
    "responses": {
        200: {
            "links": {
                "status": _link("getOrderStatus", "id", ORDER),
                "delete": _link("deleteOrder", "id", ORDER),
                "addDocuments": _link("createEphemeralSignatureRequest", "orderRequestId", ORDER),
                "documents": _link("searchSignatureRequests", "orderRequestId", ORDER),
                "sendCode": _link("validateTriggeredEphemeralOrderRequest", "orderRequestId", ORDER),
                "sign": _link("signEphemeralOrderRequest", "orderRequestId", ORDER),
            }
        }
    }
}
after_documents: dict[str, Any] = {
    "responses": {
        200: {
            "links": {
                "status": _link("getSignatureRequestStatus", "id", REQUEST),
                "refuse": _link("changeStatus", "id", REQUEST),
            }
        }
    }
}
after_code: dict[str, Any] = {
    "responses": {
        200: {
            "links": {
                "verify": {"operationId": "verifyOtp", "requestBody": {"otpId": "$response.body#/otpId"}},
                "authenticate": {
                    "operationId": "authenticateOtp",
                    "requestBody": {"contact": "$request.body#/contact"},
                },
            }
        }
    }
}
