"""Every kind of PDF through the real door and the real worker: `create_envelope`, a walked path, signing, rendering.

Nothing is stood in for but the broker: the command judges and freezes, every page is read by its button, the code of
the mailbox is entered, the worker's job signs with the sandbox PKI. expectations.tsv; signing-engine.md, Intake and
traps 4 and 6; reliability.md, Threats.
"""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from evidence.models import Trail
from otp.models import Message
from signing.actions.envelopes import Created
from signing.engine.refusals import WORDINGS, Label
from signing.models import Document, Envelope, Signer
from signing.states import SignerState
from tests.conftest import CORPUS
from tests.evidence import pki
from tests.pdfs import make
from tests.signing import walks
from tests.verification import judges, pictures

LOOKED_AT = 24
"""Pages that are drawn of a document: the first and, where there are more, the last ones. One kind has a thousand."""

NOT_DRAWN = {"reader-draws-fields"}
"""poppler makes the look of every field anew where NeedAppearances asks for it, and has none for a signature."""

MISCOUNTED = {"small-count"}
"""poppler believes the number of pages that these claim: what it draws is compared with the repaired file."""


def _rows() -> list[dict[str, str]]:
    table = CORPUS / "expectations.tsv"
    if not table.is_file():
        return []
    with table.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@dataclass(frozen=True)
class Answer:
    """What the command said: its exit status and the JSON that it printed."""

    status: int
    body: Mapping[str, Any]


@pytest.fixture
def room(walk: Path, settings: Any) -> Path:
    """A folder for one test, with files and work folders of its own, so that what is left behind can be seen."""
    settings.FILES_DIR, settings.WORK_DIR = walk / "files", walk / "work"
    pki.hold()
    walks.a_client()
    return walk


def hand_in(source: Path) -> Answer:
    said, status = io.StringIO(), 0
    try:
        call_command(
            "create_envelope", "--to-sign", str(source), "--signer", "Camille;Martin;camille@exemple.fr", stdout=said
        )
    except SystemExit as left:
        status = int(left.code or 0)
    return Answer(status, json.loads(said.getvalue()))


def check_refusal(answer: Answer, source: Path, room: Path) -> Label:
    """A sentence that names the cause, the same in French and English tables; nothing left behind."""
    assert answer.status == 2
    assert set(answer.body) == {"error", "error_en", "label", "document"}
    assert answer.body["document"] == source.name
    label = Label(answer.body["label"])
    assert answer.body["error"].startswith(WORDINGS[label].french.split("{")[0])
    for model in (Envelope, Document, Signer, Trail, Message):
        assert not model.objects.exists()
    assert files_below(room / "files") == files_below(room / "work") == []
    assert list((room / "work").iterdir()) == []
    assert not (room / "mailbox").exists()
    assert walks.rung() == []
    return label


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def check_signed(answer: Answer, source: Path, *, drawn: bool = True, miscounted: bool = False) -> None:
    """Shown, signed, valid for others, every page drawn as before but for the stamp; earlier signatures as before."""
    assert answer.status == 0
    envelope = Envelope.objects.get(reference=answer.body["reference"])
    tokens = tuple(each["link"].rpartition("/")[2] for each in answer.body["signers"])
    signer = walks.signed(Created(envelope, tokens))
    assert signer.state == SignerState.SIGNED
    document = envelope.documents.get()
    revision = document.newest()
    assert revision is not None
    assert revision.path.read_bytes().startswith(document.path.read_bytes())
    assert document.repaired or document.path.read_bytes() == source.read_bytes()
    check_words_of_pdfsig(document.path, revision.path)
    before = document.path if miscounted else source
    check_drawing(before, revision.path, pages=document.pages, drawn=drawn)


def check_words_of_pdfsig(presented: Path, signed: Path) -> None:
    """Ours is valid and trusted; of earlier ones is said what was said before."""
    root, at = pki.hold() / "root.crt", now()
    before = judges.pdfsig(presented, root=root, at=at) if b"/ByteRange" in presented.read_bytes() else []
    seen = judges.pdfsig(signed, root=root, at=at)
    ours = seen[len(before)]
    assert [(each.field, each.validation) for each in seen[: len(before)]] == [
        (each.field, each.validation) for each in before
    ]
    assert (ours.validation, ours.trust) == ("Signature is Valid.", "Certificate is Trusted.")


def check_drawing(source: Path, signed: Path, *, pages: int, drawn: bool) -> None:
    """Every pixel outside of the stamp is the one it was; in its box, `drawn`, some are not."""
    stamped = {name: area for name, area in pictures.stamps(signed).items() if name.startswith("Paraphe-")}
    assert len(stamped) == 1
    (area,) = stamped.values()
    assert 0 <= area.left < area.right <= 1
    assert 0 <= area.top < area.bottom <= 1
    for first, last in parts(pages):
        before, after = (pictures.drawn(file, first=first, last=last) for file in (source, signed))
        assert len(before) == len(after) == last - first + 1
        for index, (one, other) in enumerate(zip(before, after, strict=True), start=first - 1):
            covered = [area] if index == area.page else []
            assert list(pictures.changed_outside(one, other, covered)) == []
            assert not covered or pictures.changed(one, other, inside=area) is drawn


def parts(pages: int) -> list[tuple[int, int]]:
    half = LOOKED_AT // 2
    return [(1, pages)] if pages <= LOOKED_AT else [(1, half), (pages - half + 1, pages)]


@pytest.mark.corpus
@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["file"][:3])
def test_a_file_of_the_corpus_gets_its_verdict_and_keeps_its_look(row: dict[str, str], room: Path) -> None:
    """expectations.tsv: ACCEPT is signed and drawn as before; REFUSE names the cause; EITHER is one of the two."""
    source = CORPUS / "pdf" / row["file"]
    answer = hand_in(source)
    if answer.status:
        assert row["expect"] in {"REFUSE", "EITHER"}, answer.body
        check_refusal(answer, source, room)
    else:
        assert row["expect"] in {"ACCEPT", "EITHER"}
        check_signed(answer, source)


@pytest.mark.parametrize("kind", [*make.TAKEN, *make.REPAIRED])
def test_a_file_of_ours_is_signed_and_keeps_its_look(kind: str, room: Path) -> None:
    """The same for one file of each kind that is taken, made by the tests themselves."""
    source = make.write(kind, room)
    check_signed(hand_in(source), source, drawn=kind not in NOT_DRAWN, miscounted=kind in MISCOUNTED)


@pytest.mark.parametrize("kind", make.REFUSED)
def test_a_file_of_ours_is_refused_and_leaves_nothing(kind: str, room: Path) -> None:
    """The same for one file of each kind that is refused."""
    source = make.write(kind, room)
    assert check_refusal(hand_in(source), source, room) == make.REFUSED[kind][0]
