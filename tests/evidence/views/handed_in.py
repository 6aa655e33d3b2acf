"""Files handed in to the page that verifies a signed PDF, and the words it answers with."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from tests.front.languages import plain


def trust(settings: Settings, root: x509.Certificate) -> None:
    settings.PKI_DIR.mkdir(exist_ok=True)
    (settings.PKI_DIR / "root.crt").write_bytes(root.public_bytes(Encoding.PEM))


def hand_in(content: bytes, *, name: str = "contrat-1.pdf", language: str = "fr", **more: Any) -> Any:
    client = Client(headers={"accept-language": language})
    return client.post("/verify/", {"file": SimpleUploadedFile(name, content), **more}, secure=True)


def words(response: Any) -> str:
    return plain(unescape(re.sub(r"<[^>]*>", " ", response.content.decode())))
