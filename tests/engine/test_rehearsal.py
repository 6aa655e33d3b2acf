"""What intake takes as it is can be signed, and what is signed is not called altered by anybody who compares."""

from __future__ import annotations

import io
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from evidence.sections.section import check_sections
from evidence.verify import report
from evidence.verify.permitted import Permitted
from signing.engine.inspection import rehearsal, soundness
from signing.engine.inspection.causes import Unsound
from signing.engine.refusals import Label
from signing.engine.revisions import RESERVED
from tests.engine.authority import AT, pki, sign
from tests.engine.test_intake import look_at
from tests.pdfs import ambiguous, odd_forms, raw, signed

KIDS = {2: b"<< /Type /Pages /Kids 6 0 R /Count 1 >>", 6: b"[3 0 R]"}
DANGLING = b"<< /Length 9 0 R >>\nstream\n%s\nendstream" % raw.TEXT
SOUND: dict[str, bytes] = {
    **odd_forms.DOCUMENTS,
    "indirect-kids": raw.write({**raw.one_page(), **KIDS}),
    "a-length-that-is-nowhere": raw.write(raw.one_page(content=DANGLING, more={12: b"null"})),
    "a-reference-to-nothing": raw.write(raw.one_page(page=b"/Metadata 9 0 R", more={12: b"null"})),
}


def read(content: bytes) -> PdfFileReader:
    return PdfFileReader(io.BytesIO(content), strict=True)


@pytest.mark.parametrize("name", SOUND)
def test_what_is_taken_is_valid_when_it_is_signed(name: str, tmp_path: Path) -> None:
    """Issue, Verification: known sound files are not called altered; as it is or repaired."""
    verdict = look_at(SOUND[name], tmp_path)
    assert verdict.get("refused") is None, verdict
    sign(tmp_path / ("target.pdf" if verdict["repaired"] else "source.pdf"), tmp_path / "signed.pdf")
    found = report.examine(tmp_path / "signed.pdf", roots=[pki().root.certificate], at=AT + timedelta(hours=1))
    assert (found.verdict, found.reasons) == ("valid", ())


def test_an_indirect_array_of_pages_is_legal(tmp_path: Path) -> None:
    """ISO 32000-2, 7.3.10: any value may be an object of its own."""
    assert look_at(SOUND["indirect-kids"], tmp_path)["checks"] == ("strict",)


@pytest.mark.parametrize("name", ambiguous.SECTIONS)
def test_what_readers_take_in_different_ways_is_never_shown_as_it_is(name: str, tmp_path: Path) -> None:
    """Who signs must read what recipients read: such a file is written anew, and refused where it is signed."""
    verdict = look_at(ambiguous.SECTIONS[name](raw.write(raw.one_page())), tmp_path)
    if verdict.get("refused") is None:
        assert verdict["repaired"], verdict
        assert check_sections((tmp_path / "target.pdf").read_bytes())
    else:
        assert verdict["refused"] in {Label.DAMAGED, Label.TRUNCATED, Label.FOREIGN_CONTENT}
    others = look_at(ambiguous.SECTIONS[name](signed.approved()), tmp_path)
    assert others.get("refused") is not None, others


@pytest.mark.parametrize(
    "content",
    [
        raw.write(raw.one_page(page=b"/Rotate 90 /Rotate 0")),
        raw.write(raw.one_page(page=b"/Note /a#00b")),
        raw.write(raw.one_page(content=raw.stream(raw.TEXT).replace(b"stream\n", b"stream\r", 1))),
    ],
    ids=["key-twice", "null-in-a-name", "no-end-of-a-line-before-data"],
)
def test_what_qpdf_has_to_mend_is_not_shown_as_it_is(content: bytes, tmp_path: Path) -> None:
    """What one reader mends, another leaves out: which key counts, where the data of a stream begin."""
    verdict = look_at(content, tmp_path)
    assert verdict.get("repaired") or verdict.get("refused"), verdict


def test_what_would_be_called_altered_is_unsound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is for which a verifier calls the signatures alterations."""
    content = raw.write(raw.one_page())
    rehearsal.rehearse(read(content), content, signed=False)

    def suspicious(*_asked: Any, **_how: Any) -> Exception:
        return ValueError("suspicious")

    monkeypatch.setattr(Permitted, "review_file", suspicious)
    with pytest.raises(Unsound, match="altered: suspicious"):
        rehearsal.rehearse(read(content), content, signed=False)


@pytest.mark.parametrize("count", [100, 3000])
def test_a_long_table_of_contents_is_no_ground_for_a_refusal(count: int, tmp_path: Path) -> None:
    """A chain of references deeper than the interpreter's stack: its paths are left out of the comparison."""
    assert look_at(raw.outlined(count), tmp_path)["checks"] == ("strict",)


def test_the_comparison_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md, Threats: parsing within limits; more steps than allowed are not made."""
    content, steps = raw.outlined(40), list[int]()
    counting = rehearsal._Bounded.step

    def told(reader: rehearsal._Bounded, count: int = 1) -> None:
        steps.append(count)
        counting(reader, count)

    monkeypatch.setattr(rehearsal, "MOST_STEPS", 30)
    monkeypatch.setattr(rehearsal._Bounded, "step", told)
    rehearsal.rehearse(read(content), content, signed=False)
    assert len(steps) <= 2 * 31
    monkeypatch.setattr(rehearsal, "MOST_OBJECTS", 5)
    steps.clear()
    rehearsal.rehearse(read(content), content, signed=False)
    assert steps == []


def test_the_rehearsal_neither_copies_the_file_nor_keeps_its_streams() -> None:
    """signing-engine.md, Intake: below a gigabyte, whatever the file; here a fifth of the file at the most."""
    picture = raw.stream(bytes(4_000_000), b"/Type /XObject /Subtype /Image")
    page = b"/Foo [" + b" ".join(b"%d 0 R" % number for number in range(6, 16)) + b"]"
    content = raw.write(raw.one_page(page=page, more=dict.fromkeys(range(6, 16), picture)))
    reader = read(content)
    tracemalloc.start()
    rehearsal.rehearse(reader, content, signed=False)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(content) / 4
    assert soundness.check_soundness(io.BytesIO(content), content, pages=1) == 0


def test_no_room_is_kept_for_messages_that_never_come(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Comparing reads what was appended octet by octet, so that room would cost more than all that is compared."""
    appended: list[int] = []

    class Noted(rehearsal._Joined):
        def __init__(self, *parts: bytes) -> None:
            super().__init__(*parts)
            appended.append(len(parts[1]))

    monkeypatch.setattr(rehearsal, "_Joined", Noted)
    assert look_at(raw.write(raw.one_page()), tmp_path)["checks"] == ("strict",)
    (octets,) = appended
    assert octets < RESERVED
