"""The page on which an envelope is prepared: its fields filled, files, buttons and address."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from signing.models import Draft
from tests.pdfs import sound
from tests.signing.views.browser import Browser

NEW = "/admin/signing/envelope/new/"
CAMILLE = {"first_name": "Camille", "last_name": "Martin", "email": "camille@exemple.fr", "language": "fr", "turn": "1"}


def typed(*signers: dict[str, str], **given: str) -> dict[str, Any]:
    """The page's fields, filled."""
    day = (now() + timedelta(days=5)).date().isoformat()
    fields = {"purpose": "Le bail", "deadline": day, "code_channel": "email", "signers": str(len(signers) or 1)} | given
    for n, signer in enumerate(signers or [CAMILLE]):
        fields |= {f"signer-{n}-{name}": value for name, value in signer.items()}
    return fields


def pdf(content: bytes = b"", name: str = "Contrat_de_bail.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or sound.contract(2), content_type="application/pdf")


def press(browser: Browser, action: str, fields: dict[str, Any], address: str = NEW) -> Any:
    return browser.post(address, fields | {"action": action}, follow=True)


def here() -> str:
    """The page of the only draft."""
    return f"/admin/signing/envelope/draft/{Draft.objects.get().public_id}/"
