"""What a client's documents are held to, through each door: size, transparency (reliability.md, Threats)."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from signing.clients import documents
from signing.clients.models import Client
from tests.pdfs import raw, sound
from tests.signing import walks
from tests.signing.doors import DOORS, Verdict


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
    assert DOORS[door](client, file(tmp_path, sound.transparent())) == Verdict("", "", ["strict", "transparency"])


@pytest.mark.parametrize("door", DOORS)
def test_transparency_is_refused_where_the_client_asks(door: str, client: Client, tmp_path: Path) -> None:
    client.refuses_transparency = True
    client.save()
    assert DOORS[door](client, file(tmp_path, sound.transparent())).label == "PDF_TRANSPARENCY"


@pytest.mark.parametrize("door", DOORS)
def test_a_client_has_a_limit_of_its_own(door: str, client: Client, tmp_path: Path) -> None:
    client.document_megabytes = 1
    client.save()
    assert DOORS[door](client, file(tmp_path, of_bytes(1_000_000))).label == "PDF_TOO_LARGE"


@pytest.mark.parametrize("door", DOORS)
def test_a_client_may_hand_in_more_than_fifty_megabytes(door: str, client: Client, tmp_path: Path) -> None:
    """Issue, part 2: 200 MB where the client's limit allows; default 50."""
    large = file(tmp_path, of_bytes(50_000_000))
    assert DOORS[door](client, large).label == "PDF_TOO_LARGE"
    client.document_megabytes = 60
    client.save()
    assert DOORS[door](client, large) == Verdict("", "", ["strict"])


@pytest.mark.parametrize("megabytes", [0, 201])
def test_no_client_may_hand_in_more_than_two_hundred(megabytes: int, client: Client) -> None:
    client.document_megabytes = megabytes
    with pytest.raises(ValidationError):
        client.full_clean()


def test_a_call_may_bring_three_of_the_largest(client: Client) -> None:
    """reliability.md, bombs: 4/3 of the client's limit, three times, and a megabyte."""
    assert documents.longest_body(client) == 201_000_000
