"""What is shown when something goes wrong: an address that is used up, and the answers 400, 403 and 500."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.utils.timezone import now

from evidence.events import Language
from signing.clients import passes
from signing.models import Signer
from signing.views import pages
from tests.gallery import hands, stage
from tests.gallery.scene import Scene
from tests.signing.views.browser import Browser

ANSWERS = {"unreadable": SuspiciousOperation, "forbidden": PermissionDenied, "failed": RuntimeError}


def failures(folder: Path, language: Language) -> Iterator[Scene]:
    """A pass that was used in another browser; a page that fails in each way that Django has an answer for."""
    signer = stage.an_envelope(folder, language).envelope.signers.get()
    address = _a_pass(signer)
    assert Browser().post(address).status_code == 302
    yield Scene("pass-used", address, does=hands.opened_again)
    yield Scene("pass-unknown", f"/h/EXS?lang={language}")
    for name, error in ANSWERS.items():
        with patch.object(pages, "render", side_effect=error):
            yield Scene(name, f"/aide/?lang={language}")


def _a_pass(signer: Signer) -> str:
    """The address that the client's own site makes for a signer."""
    client = signer.envelope.client
    said = {"reference": signer.envelope.reference, "account": "c-1", "means": "x", "at": int(now().timestamp())}
    return passes.sign(client, f"/h/{client.code}?{urlencode(said)}")
