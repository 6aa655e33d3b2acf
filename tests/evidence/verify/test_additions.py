"""What a signer may add to the revision it signs on: an engine that does more, or less, is found out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import NumberObject, pdf_name
from pyhanko.sign.fields import FieldMDPAction

from evidence.verify import additions
from evidence.verify.failures import NotSound
from signing.engine.levels import Level
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.files import Signed
from tests.evidence.verify.misdeeds import LOST, MORE, Change, nothing, signed_by
from tests.pdfs import ambiguous, raw, signed


def failed(made: Signed, folder: Path, **changes: Any) -> str:
    with pytest.raises(NotSound) as failure:
        made.check(folder, **changes)
    return failure.value.check


def inheriting() -> bytes:
    """A page whose box, turn and fonts are those of the tree, and texts in UTF-16 beside what is written anew."""
    page = b"/Type /Page /Parent 2 0 R /Contents 4 0 R /LastModified <FEFF0044003A0032003000320036>"
    tree = raw.TREE.replace(b" >>", b" /MediaBox [0 0 595 842] /Rotate 90 /Resources << /Font << /F1 5 0 R >> >> >>")
    objects = raw.one_page(catalog=raw.catalog(b"/Lang <FEFF00660072> /OpenAction [3 0 R /FitH null]"))
    return raw.write(objects | {2: tree, 3: b"<< " + page + b" >>"})


@pytest.mark.parametrize("level", [Level.B, Level.LTA])
def test_an_honest_engine_adds_its_fields_and_nothing_else(
    level: Level, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "additions" in signed_by(nothing, monkeypatch, base=files.once().content, level=level).check(tmp_path)


def test_what_a_page_inherits_and_how_a_text_is_written_are_no_additions(tmp_path: Path) -> None:
    """Both stay as they were; qpdf gives pages what they inherit, and pyHanko writes texts in the shorter way."""
    assert "additions" in files.of(inheriting()).check(tmp_path, page_count=1)


@pytest.mark.parametrize("action", [FieldMDPAction.ALL, FieldMDPAction.EXCLUDE])
def test_a_signature_that_locks_fields_may_be_followed_by_ours(action: FieldMDPAction, tmp_path: Path) -> None:
    """It names the catalog, where our field is listed, as what it is about (ISO 32000-2, table 256)."""
    locked = signed.locked(action, *(["Other"] if action is FieldMDPAction.EXCLUDE else []))
    assert {"additions", "earlier_signatures"} <= set(files.of(locked).check(tmp_path, page_count=1))


def test_what_a_page_inherits_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def turned(writer: Any, _page: Any, _widget: Any) -> None:
        writer.root["/Pages"][pdf_name("/Rotate")] = NumberObject(180)  # type: ignore[no-untyped-call]  # pyHanko's has no types
        writer.mark_update(writer.root.raw_get("/Pages"))

    made = signed_by(turned, monkeypatch, base=inheriting(), presented=inheriting())
    assert failed(made, tmp_path, page_count=1) == "page_frame"


@pytest.mark.parametrize("change", LOST.values(), ids=LOST)
def test_a_signature_that_a_later_signer_loses_is_missed(
    change: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """signing-engine.md, Intake: earlier signatures still intact; one that is gone is not."""
    made = signed_by(change, monkeypatch, base=files.once().content)
    assert failed(made, tmp_path) in {"earlier_signatures", "additions"}
    assert failed(made, tmp_path, by_us=False) == "earlier_signatures"


@pytest.mark.parametrize("change", MORE.values(), ids=MORE)
def test_whatever_a_signer_does_besides_is_found(
    change: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = signed_by(change, monkeypatch, base=files.once().content)
    assert failed(made, tmp_path) in {"additions", "page_frame", "page_annotations"}


def test_a_signature_on_another_revision_than_the_newest_is_not_released(tmp_path: Path) -> None:
    """On what was presented, the signature of the first signer would be lost; so would a time stamp that was cut."""
    once = files.once()
    again = files._sign(once.presented, once.presented, "Paraphe-2")
    assert failed(again, tmp_path, base=files.prefix(once.content)) == "prefix"
    cut = once.content[: sum(once.facts.byte_range[2:])]
    assert failed(files._sign(cut, once.presented, "Paraphe-2"), tmp_path, base=files.prefix(once.content)) == "prefix"


def test_a_digest_that_was_not_asked_for_is_not_released(tmp_path: Path) -> None:
    """DESIGN.md, Decisions: nothing degrades in silence."""
    assert failed(files.once(), tmp_path, digest="sha512") == "message_digest"


def test_a_reason_that_was_not_given_is_not_released(tmp_path: Path) -> None:
    """It names the dossier, and the digits of what the signer agreed to."""
    said = f"Signature électronique simple, dossier {authority.REFERENCE}, empreinte {authority.DIGITS}"
    assert "signature" in files.once().check(tmp_path, reason=said)
    assert failed(files.once(), tmp_path, reason=said.replace(authority.DIGITS, "00000000")) == "signature"


@pytest.mark.parametrize(
    "objects",
    [
        {5: raw.FONT},  # the same once more is not asked for either
        {2: raw.TREE},
        {6: b"<< /Type /Catalog /Pages 2 0 R >>"},
    ],
)
def test_objects_that_were_there_are_not_written_anew(objects: dict[int, bytes], tmp_path: Path) -> None:
    before = raw.write(raw.one_page(more={6: b"null"}))
    path = tmp_path / "signed.pdf"
    path.write_bytes(raw.update(before, objects))
    first = tmp_path / "first.pdf"
    first.write_bytes(before)
    with path.open("rb") as file, pikepdf.open(first) as one, pikepdf.open(path) as other:
        with pytest.raises(NotSound):
            additions.check_additions(file, one, other, since=len(before), count=0)
        assert additions.check_additions(file, other, other, since=path.stat().st_size, count=0) == ("additions",)


def test_what_readers_read_differently_is_an_addition(tmp_path: Path) -> None:
    """An object that no table lists: some find it all the same."""
    before = raw.write(raw.one_page())
    path, first = tmp_path / "signed.pdf", tmp_path / "first.pdf"
    path.write_bytes(ambiguous.by_table(before, b"xref\n4 1\n%010d 00000 n \n4 1\n%010d 00000 n \n" % (9, len(before))))
    first.write_bytes(before)
    with path.open("rb") as file, pikepdf.open(first) as one, pikepdf.open(path) as other, pytest.raises(NotSound):
        additions.check_additions(file, one, other, since=len(before), count=0)
