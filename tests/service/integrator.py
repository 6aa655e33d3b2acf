"""An integrator's client of the service, as the contract's words have it: ids as numbers, echoed bodies, exact 200."""

import base64
import hashlib
import re
import ssl
from pathlib import Path
from typing import Any, Self

import httpx

from tests.stack import Stack

HOLDER = {
    "firstname": "Camille",
    "lastname": "Martin",
    "email": "camille@exemple.fr",
    "country": "FR",
    "mobile": "0611111142",
}


class Integrator:
    """Calls the service of a running Paraphe with the sandbox client's certificate, or another, or none."""

    def __init__(self, stack: Stack, *, certificate: Path | None = None, anonymous: bool = False) -> None:
        sandbox = stack.state / "sandbox"
        context = ssl.create_default_context(cafile=sandbox / "tls-root.crt")
        if not anonymous:
            file = certificate or sandbox / "client.crt"
            context.load_cert_chain(file, file.with_suffix(".key"))
        self.http = httpx.Client(base_url=f"https://localhost:{stack.service_port}", verify=context, timeout=90)
        self._mailbox = stack.state / "mailbox"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.http.close()

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        """One call; what is answered is JSON or nothing."""
        echoed = body if body is not None or method == "GET" else {}
        answer = self.http.request(method, path, params=query, json=echoed)
        assert not answer.content or answer.headers["content-type"].startswith("application/json"), answer.text
        return answer

    def ok(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """A call that succeeds: exactly 200."""
        answer = self.call(method, path, body, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def order(self, **members: Any) -> dict[str, Any]:
        return dict(self.ok("POST", "/ephemeral/orders", {"holder": HOLDER, **members}))

    def code(self, reference_of: str) -> str:
        """The newest code in the mailbox of a message, by what it holds besides."""
        for file in sorted(self._mailbox.iterdir(), reverse=True):
            text = file.read_bytes().decode(errors="replace")
            found = re.search(r"(?m)^(\d{3}) ?(\d{3})(?: est votre code|$)", text)
            if found and reference_of in text:
                return found[1] + found[2]
        raise AssertionError(f"no code for {reference_of}")


def document(content: bytes, **members: Any) -> dict[str, Any]:
    """One element of a create call, as public clients send it."""
    return {
        "signatureOptions": {
            "signatureType": "PAdES_BASELINE_LTA",
            "digestAlgorithmName": "SHA256",
            "signaturePackagingType": "ENVELOPED",
            "documentType": "INLINE",
        },
        "hash": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "toSignContent": base64.b64encode(content).decode(),
        **members,
    }
