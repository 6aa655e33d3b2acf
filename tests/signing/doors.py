"""The doors through which one PDF is handed in, each as it is used, and what it answers."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from signing.backend.api import contents
from signing.backend.api.schemas import RequestBody
from signing.clients import documents
from signing.clients.models import Client
from signing.engine.intake import Refused
from signing.models import Draft
from tests.signing.admin import people


class Verdict(NamedTuple):
    """The label and the sentence of a refusal, or what was found in an accepted file."""

    label: str
    sentence: str
    checks: list[str]


Door = Callable[[Client, Path], Verdict]


def by_command(_client: Client, source: Path) -> Verdict:
    """`create_envelope`, of an installation with one client."""
    said = io.StringIO()
    try:
        call_command(
            "create_envelope", "--to-sign", str(source), "--signer", "Camille;Martin;camille@exemple.fr", stdout=said
        )
    except SystemExit:
        told = json.loads(said.getvalue())
        return Verdict(told["label"], told["error"], [])
    return Verdict("", "", json.loads(said.getvalue())["documents"][0]["checks"])


def by_admin(client: Client, source: Path) -> Verdict:
    """Uploaded into a draft that is given up afterwards."""
    user = User.objects.filter(username="julie").first() or people.a_member("julie", client)
    browser = people.browser_of(user)
    file = SimpleUploadedFile(source.name, source.read_bytes(), content_type="application/pdf")
    answer = browser.post("/admin/signing/envelope/new/", {"action": "save", "new-to_sign": file}, follow=True)
    draft = Draft.objects.get()
    row = draft.documents.get()
    assert answer.status_code == 200
    assert (row.label or "SHA-256") in answer.content.decode()
    verdict = Verdict(row.label, row.sentence, row.checks)
    address = f"/admin/signing/envelope/draft/{draft.public_id}/"
    browser.post(address, {"action": "discard"})
    assert not draft.folder.exists()
    return verdict


def by_rest(client: Client, source: Path) -> Verdict:
    """The content of one call, as the service takes it in; the call itself is in tests/service."""
    body: dict[str, Any] = {"toSignContent": base64.b64encode(source.read_bytes()).decode()}
    try:
        (added,) = contents.taken([RequestBody.model_validate(body)], limits=documents.limits(client))
    except Refused as refused:
        return Verdict(refused.label, refused.sentence, [])
    return Verdict("", "", list(added.accepted.checks))


DOORS: dict[str, Door] = {"command": by_command, "admin": by_admin, "rest": by_rest}
