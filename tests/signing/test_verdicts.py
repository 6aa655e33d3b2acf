"""Every file gets one verdict, whichever door it comes through, and a refused one leaves nothing behind."""

import csv
from pathlib import Path

import pytest

from signing.clients.models import Client
from signing.engine.refusals import WORDINGS, Label
from signing.models import Draft, Envelope
from tests.conftest import CORPUS
from tests.pdfs import make
from tests.signing import walks
from tests.signing.doors import DOORS, Verdict

ACCEPTED, REFUSED = "ACCEPT", "REFUSE"


def rows() -> list[dict[str, str]]:
    table = CORPUS / "expectations.tsv"
    if not table.is_file():
        return []
    with table.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture
def client(walk: Path) -> Client:
    assert walk.is_dir()
    walks.pki.hold()
    return walks.a_client()


def handed_in(client: Client, source: Path) -> Verdict:
    """The verdict of all doors."""
    command, *others = (door(client, source) for door in DOORS.values())
    assert others == [command] * len(others)
    assert not Draft.objects.exists()
    if command.label:
        assert command.sentence.startswith(WORDINGS[Label(command.label)].french.split("{")[0])
        assert not Envelope.objects.exists()
    return command


@pytest.mark.corpus
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"][:3])
def test_a_file_of_the_corpus(row: dict[str, str], client: Client) -> None:
    """README of the corpus: the same verdict in every door."""
    verdict = handed_in(client, CORPUS / "pdf" / row["file"])
    assert row["expect"] in {REFUSED if verdict.label else ACCEPTED, "EITHER"}, verdict


@pytest.mark.parametrize("kind", make.KINDS)
def test_a_file_of_ours(kind: str, client: Client, tmp_path: Path) -> None:
    """The same labels in every door."""
    verdict = handed_in(client, make.write(kind, tmp_path))
    expected, _ = make.REFUSED.get(kind, ("", None))
    assert verdict.label == expected
    if not expected:
        assert verdict.checks[0] == ("repaired" if kind in make.REPAIRED else "strict")
