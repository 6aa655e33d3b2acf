"""What a client's documents are held to, through each door: size, transparency (reliability.md, Threats)."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from signing.backend.api import contents
from signing.backend.api.schemas import RequestBody
from signing.clients import documents
from signing.clients.models import Client
from signing.engine.intake import Refused
from signing.models import DraftDocument
from tests.pdfs import raw, sound
from tests.signing import walks
from tests.signing.admin import people

Door = Callable[[Client, Path], tuple[str, list[str]]]
"""Hands one file in for a client; gives the label of its refusal, or what was found in it."""


def by_command(_client: Client, source: Path) -> tuple[str, list[str]]:
    said = io.StringIO()
    try:
        call_command(
            "create_envelope", "--to-sign", str(source), "--signer", "Camille;Martin;camille@exemple.fr", stdout=said
        )
    except SystemExit:
        return json.loads(said.getvalue())["label"], []
    return "", json.loads(said.getvalue())["documents"][0]["checks"]


def by_admin(client: Client, source: Path) -> tuple[str, list[str]]:
    browser = people.member_browser(client)
    file = SimpleUploadedFile(source.name, source.read_bytes(), content_type="application/pdf")
    answer = browser.post("/admin/signing/envelope/new/", {"action": "save", "new-to_sign": file}, follow=True)
    assert answer.status_code == 200
    row = DraftDocument.objects.get()
    return row.label, row.checks


def by_rest(client: Client, source: Path) -> tuple[str, list[str]]:
    body: dict[str, Any] = {"toSignContent": base64.b64encode(source.read_bytes()).decode()}
    try:
        (added,) = contents.taken([RequestBody.model_validate(body)], limits=documents.limits(client))
    except Refused as refused:
        return refused.label, []
    return "", list(added.accepted.checks)


DOORS: dict[str, Door] = {"command": by_command, "admin": by_admin, "rest": by_rest}


@pytest.fixture
def client(walk: Path) -> Client:
    assert walk.is_dir()
    walks.pki.hold()
    return walks.a_client()


def file(folder: Path, content: bytes) -> Path:
    path = folder / "document.pdf"
    path.write_bytes(content)
    return path


def of_bytes(size: int) -> bytes:
    """A PDF with a stream so long that nothing refers to."""
    return raw.write(raw.one_page(more={6: raw.stream(bytes(size))}))


@pytest.mark.parametrize("door", DOORS)
def test_transparency_is_recorded(door: str, client: Client, tmp_path: Path) -> None:
    assert DOORS[door](client, file(tmp_path, sound.transparent())) == ("", ["strict", "transparency"])


@pytest.mark.parametrize("door", DOORS)
def test_transparency_is_refused_where_the_client_asks(door: str, client: Client, tmp_path: Path) -> None:
    client.refuses_transparency = True
    client.save()
    assert DOORS[door](client, file(tmp_path, sound.transparent()))[0] == "PDF_TRANSPARENCY"


@pytest.mark.parametrize("door", DOORS)
def test_a_client_has_a_limit_of_its_own(door: str, client: Client, tmp_path: Path) -> None:
    client.document_megabytes = 1
    client.save()
    assert DOORS[door](client, file(tmp_path, of_bytes(1_000_000)))[0] == "PDF_TOO_LARGE"


@pytest.mark.parametrize("door", DOORS)
def test_a_client_may_hand_in_more_than_fifty_megabytes(door: str, client: Client, tmp_path: Path) -> None:
    """Issue, part 2: 200 MB where the client's limit allows; default 50."""
    large = file(tmp_path, of_bytes(50_000_000))
    assert DOORS[door](client, large)[0] == "PDF_TOO_LARGE"
    DraftDocument.objects.all().delete()
    client.members.all().delete()
    people.User.objects.all().delete()
    client.document_megabytes = 60
    client.save()
    assert DOORS[door](client, large) == ("", ["strict"])


@pytest.mark.parametrize("megabytes", [0, 201])
def test_no_client_may_hand_in_more_than_two_hundred(megabytes: int, client: Client) -> None:
    client.document_megabytes = megabytes
    with pytest.raises(ValidationError):
        client.full_clean()


def test_a_call_may_bring_three_of_the_largest(client: Client) -> None:
    """reliability.md, bombs: 4/3 of the client's limit, three times, and a megabyte."""
    assert documents.longest_body(client) == 201_000_000
