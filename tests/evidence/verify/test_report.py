"""What `verify` says of a file: ours, other people's, altered ones, and what is no signed PDF at all."""

from __future__ import annotations

import csv
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.verify import report
from evidence.verify.reasons import SENTENCES
from evidence.verify.verdicts import FileReport, Verdict
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.files import flipped
from tests.evidence.verify.test_release import gap
from tests.pdfs import active, broken, raw, signed, sound

LATER = authority.AT + timedelta(hours=5)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """pyHanko logs what it thinks of broken files."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def examine(
    folder: Path, content: bytes, *, at: datetime = LATER, roots: list[x509.Certificate] | None = None
) -> FileReport:
    path = folder / "file.pdf"
    path.write_bytes(content)
    return report.examine(path, roots=[authority.pki().root.certificate] if roots is None else roots, at=at)


def codes(found: FileReport) -> list[str]:
    return [reason.code for reason in found.reasons]


def test_a_file_signed_by_us_is_valid_and_says_who_when_and_how(tmp_path: Path) -> None:
    """Issue, `manage.py verify`: who, when, level, integrity, trust, changes after it."""
    found = examine(tmp_path, files.once().content)
    assert found.verdict is Verdict.VALID
    assert found.reasons == ()
    signature, archive = found.signatures
    assert (signature.who, signature.issuer) == ("Camille Martin", "Paraphe essais issuing")
    assert (signature.when, signature.proven) == (authority.AT, True)
    assert (signature.level, signature.integrity, signature.trust) == ("B-LTA", "intact", "trusted")
    assert (signature.kind, signature.changes) == ("signature", "long_term")
    assert (archive.kind, archive.level, archive.changes) == ("timestamp", "RFC 3161", "none")


def test_two_signers_are_both_valid(tmp_path: Path) -> None:
    """evidence.md, Certificates: every earlier signature stays valid; a later signature is no alteration."""
    found = examine(tmp_path, files.twice().content)
    assert found.verdict is Verdict.VALID
    assert [each.changes for each in found.signatures] == ["signatures", "signatures", "long_term", "none"]


@pytest.mark.parametrize("age", [timedelta(minutes=1), timedelta(days=2), timedelta(days=900)])
def test_a_file_stays_valid_when_its_certificate_and_lists_have_run_out(age: timedelta, tmp_path: Path) -> None:
    """What the naive verifier says: "expired" minutes later. Ours judges at the proven time."""
    assert examine(tmp_path, files.once().content, at=authority.AT + age).verdict is Verdict.VALID


def test_when_the_time_stamping_certificate_has_run_out_nothing_is_proven(tmp_path: Path) -> None:
    """No time stamp took over in time; the second signer's does not help once it has run out itself."""
    found = examine(tmp_path, files.twice().content, at=authority.AT + timedelta(days=1001))
    assert {each.verdict for each in found.signatures} == {Verdict.UNTRUSTED}
    assert codes(found) == ["not_proven", "not_proven"]


@pytest.mark.parametrize("roots", [[], [authority.pki(authority.AT + timedelta(minutes=1)).root.certificate]])
def test_without_the_root_a_file_is_intact_and_untrusted(roots: list[x509.Certificate], tmp_path: Path) -> None:
    """Issue: `untrusted`: intact, but no trusted chain."""
    found = examine(tmp_path, files.once().content, roots=roots)
    assert found.verdict is Verdict.UNTRUSTED
    assert {each.integrity for each in found.signatures} == {"intact"}
    assert set(codes(found)) == {"issuer_unknown"}


def test_somebody_elses_signature_is_intact_and_untrusted(tmp_path: Path) -> None:
    """Like the controls of the corpus: the issuer is unknown, and nothing was altered."""
    found = examine(tmp_path, signed.approved_twice(), at=signed.FROM + timedelta(days=30))
    assert found.verdict is Verdict.UNTRUSTED
    assert [each.changes for each in found.signatures] == ["signatures", "none"]
    assert [each.level for each in found.signatures] == ["CMS", "CMS"]
    assert not found.signatures[0].proven


def test_a_text_replaced_after_the_signature_is_a_change(tmp_path: Path) -> None:
    """Issue: `changed`: something altered after a signature."""
    found = examine(tmp_path, signed.changed_after())
    assert found.verdict is Verdict.CHANGED
    assert codes(found) == ["modified"]


def test_an_altered_text_under_a_signature_is_invalid(tmp_path: Path) -> None:
    found = examine(tmp_path, signed.altered())
    assert found.verdict is Verdict.INVALID
    assert codes(found) == ["digest"]


def test_a_form_filled_after_the_signature_is_a_change(tmp_path: Path) -> None:
    """signing-engine.md, trap 12: what pyHanko permits as form filling is told."""
    document = signed.sign(active.open_field())
    field = b"<< /FT /Tx /T (Nom) /V (Durand) /Type /Annot /Subtype /Widget /Rect [72 700 200 720] /P 3 0 R >>"
    found = examine(tmp_path, raw.update(document, {6: field}))
    assert found.verdict is Verdict.CHANGED
    assert codes(found)[0] in {"form_filled", "modified"}


@pytest.mark.parametrize("tail", [b"\n", b"x", b"\n%%EOF\n", b"1 0 obj\n<< >>\nendobj\n", bytes(2000)])
def test_something_appended_is_a_change(tail: bytes, tmp_path: Path) -> None:
    """Issue: something added after a signature."""
    assert examine(tmp_path, files.once().content + tail).verdict is Verdict.CHANGED


def test_a_revision_appended_to_ours_is_a_change(tmp_path: Path) -> None:
    """A page's content replaced by an incremental update."""
    content = raw.update(signed.approved(), {4: raw.stream(raw.TEXT)}, root=1)
    assert examine(tmp_path, content).verdict in {Verdict.CHANGED, Verdict.INVALID}


def test_a_signature_that_a_later_revision_hides_is_told(tmp_path: Path) -> None:
    """A file that once was signed is not simply unsigned."""
    document = signed.sign(raw.write(raw.one_page()))
    hidden = raw.update(document, {1: raw.CATALOG, 3: b"<< " + raw.PAGE_ENTRIES + b" >>"})
    found = examine(tmp_path, hidden)
    assert found.verdict is Verdict.CHANGED
    assert codes(found) == ["signature_removed"]


@pytest.mark.parametrize(
    ("make", "verdict", "code"),
    [
        (sound.contract, Verdict.UNSIGNED, "no_signature"),
        (broken.wrong_offsets, Verdict.UNSIGNED, "no_signature"),
        (sound.empty_signature_field, Verdict.UNSIGNED, "no_signature"),
        (active.encrypted, Verdict.UNSIGNED, "no_signature"),
        (partial(active.encrypted, user="user"), Verdict.UNREADABLE, "encrypted"),
        (broken.zero_bytes, Verdict.UNREADABLE, "empty"),
        (broken.renamed_png, Verdict.UNREADABLE, "not_pdf"),
        (broken.zero_pages, Verdict.UNREADABLE, "not_pdf"),
        (broken.page_loop, Verdict.UNREADABLE, "not_pdf"),
    ],
)
def test_what_carries_no_signature_is_an_answer(
    make: Callable[[], bytes], verdict: Verdict, code: str, tmp_path: Path
) -> None:
    """Issue: `unsigned`, `unreadable`."""
    found = examine(tmp_path, make())
    assert (found.verdict, codes(found)) == (verdict, [code])
    assert found.signatures == ()


def test_a_path_that_is_no_file_is_an_answer(tmp_path: Path) -> None:
    """Never a traceback."""
    for path in (tmp_path / "nothing.pdf", tmp_path, tmp_path / ("x" * 300)):
        found = report.examine(path, roots=[], at=LATER)
        assert (found.verdict, codes(found)) == (Verdict.UNREADABLE, ["missing"])


def test_one_altered_byte_anywhere_is_never_valid(tmp_path: Path) -> None:
    """Mutations in every part: text, dictionary, message, token, lists; the document time stamp covers them all."""
    content = files.once().content
    start, end = gap(content, 1)
    step = max(1, len(content) // 60)
    for place in [*range(0, start, step), *range(end, len(content), 60)]:
        assert examine(tmp_path, flipped(content, place)).verdict is not Verdict.VALID, place


def test_an_altered_document_time_stamp_is_never_valid(tmp_path: Path) -> None:
    content = files.once().content
    start, end = gap(content, 1)
    used = len(content[start:end].rstrip(b"0>"))
    for place in range(start + 200, start + used, 250):
        assert examine(tmp_path, flipped(content, place)).verdict is not Verdict.VALID, place


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.integers(0, 4000))
def test_nothing_makes_it_raise(tmp_path: Path, junk: bytes, place: int) -> None:
    """An unreadable file is an answer, never a traceback."""
    whole = files.once().content
    content = whole[:place] + junk + whole[place + len(junk) :]
    assert (examine(tmp_path, content).verdict is Verdict.VALID) is (content == whole)


def test_the_answer_is_json_with_the_keys_of_the_interface(tmp_path: Path) -> None:
    """Issue: `file`, `verdict`, `reasons`, `signatures` (who, when, level, integrity, trust, changes after it)."""
    answer = json.loads(json.dumps(examine(tmp_path, files.once().content, roots=[]).as_json()))
    assert set(answer) == {"file", "verdict", "reasons", "signatures"}
    assert answer["verdict"] == "untrusted"
    assert answer["reasons"][0]["code"] == "issuer_unknown"
    signature = answer["signatures"][0]
    assert {"who", "when", "level", "integrity", "trust", "changes", "reasons"} <= set(signature)
    assert (signature["revision"], signature["revisions"]) == (2, 3)
    assert 0 < signature["covered"] < signature["size"] == len(files.once().content)
    assert answer["signatures"][0]["when"] == "2026-11-23T13:29:03+00:00"


def test_every_reason_has_a_sentence() -> None:
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


@pytest.mark.corpus
def test_the_attacks_of_the_corpus_are_not_called_valid_and_the_controls_are_intact(corpus: Path) -> None:
    """attacks.tsv, every row."""
    with (corpus / "attacks.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    verdicts = {
        row["file"]: report.examine(corpus / "attacks" / row["file"], roots=[], at=LATER).verdict for row in rows
    }
    wanted = {row["file"]: "untrusted" if "CONTROL" in row["attack"] else "changed" for row in rows}
    assert verdicts == wanted


@pytest.mark.corpus
def test_every_file_of_the_corpus_gets_an_answer(corpus: Path) -> None:
    """No traceback, and none of them is valid for us."""
    found = {path: report.examine(path, roots=[], at=LATER).verdict for path in (corpus / "pdf").iterdir()}
    assert Verdict.VALID not in found.values()
    assert found[corpus / "pdf" / "078-qp-digitally-signed.pdf"] is Verdict.UNTRUSTED
