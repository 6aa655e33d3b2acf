"""Bytes of files of ours, altered: each kind of byte is found out, and whatever comes of it is an answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files, tampered
from tests.evidence.verify.test_report import examine, quiet

__all__ = ["quiet"]  # a fixture

QUICK = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ALTERED = {Verdict.CHANGED, Verdict.INVALID}


def spans(content: bytes) -> dict[str, list[tuple[int, int]]]:
    """Where the kinds of bytes of a file stand that one person signed at level B-LTA."""
    signature, stamp = (tampered.embedded(content, number) for number in (0, 1))
    return {
        "presented": [(0, len(files.once().presented))],
        "revision of the signature": [(len(files.once().presented), signature.byte_range[1])],
        "byte ranges": [(found.start(1), found.end(1)) for found in re.finditer(rb"/ByteRange \[([\d ]+\d)", content)],
        "message of the signature": [_used(content, signature)],
        "time stamp of the signature": [_token(content, signature)],
        "rest of the signed revision": [(signature.byte_range[2], signature.end)],
        "security store and document time stamp": [(signature.end, stamp.byte_range[1])],
        "token of the document": [_used(content, stamp)],
        "tail": [(stamp.byte_range[2], stamp.end)],
    }


def _used(content: bytes, embedded: tampered.Embedded) -> tuple[int, int]:
    start = embedded.byte_range[1] + 1
    return start, start + 2 * len(tampered.cms.ContentInfo.load(embedded.contents).dump())


def _token(content: bytes, embedded: tampered.Embedded) -> tuple[int, int]:
    signer = tampered.cms.ContentInfo.load(embedded.contents)["content"]["signer_infos"][0]
    token = signer["unsigned_attrs"][0]["values"][0].dump().hex().encode()
    start = content.lower().index(token, embedded.byte_range[1])
    return start, start + len(token)


KINDS = (
    *("presented", "revision of the signature", "byte ranges", "message of the signature"),
    *("time stamp of the signature", "rest of the signed revision", "security store and document time stamp"),
    *("token of the document", "tail"),
)


@pytest.mark.parametrize("kind", KINDS)
@QUICK
@given(st.data())
def test_an_altered_byte_of_each_kind_is_found(kind: str, tmp_path: Path, data: st.DataObject) -> None:
    """Issue, part 5: mutated copies of our own files are called altered, not merely of unknown issuers.

    The certificates that a token brings are signed by nobody but their issuers: where one is damaged, the way to a
    root is lost, and that is what is said.
    """
    content = files.once().content
    start, end = data.draw(st.sampled_from(spans(content)[kind]))
    place = data.draw(st.integers(start, end - 1))
    instead = data.draw(st.integers(0, 255).filter(lambda value: value != content[place]))
    mutated = content[:place] + bytes([instead]) + content[place + 1 :]
    if mutated.lower() == content.lower() and place in range(*tampered.embedded(content, 1).byte_range[1:3]):
        return  # a digit of the contents in the other case is the same digit
    wanted = ALTERED | ({Verdict.UNTRUSTED} if kind == "token of the document" else set())
    assert examine(tmp_path, mutated).verdict in wanted
    assert examine(tmp_path, mutated, roots=[]).verdict in wanted


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_ends_inside_is_never_valid(kind: str, tmp_path: Path) -> None:
    """Cut off in the middle of every kind of bytes."""
    content = files.once().content
    start, end = spans(content)[kind][0]
    found = examine(tmp_path, content[: (start + end) // 2])
    assert found.verdict not in {Verdict.VALID, Verdict.UNTRUSTED}


def test_the_revision_that_was_signed_alone_is_sound(tmp_path: Path) -> None:
    """Control: without its document time stamp a file has lost a proof, and nothing of it was altered."""
    content = files.once().content
    found = examine(tmp_path, content[: tampered.embedded(content, 0).end])
    assert found.verdict in {Verdict.VALID, Verdict.UNTRUSTED}
    assert found.signatures[0].integrity == "intact"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_mutation_of_any_file_is_an_answer(tmp_path: Path, data: st.DataObject) -> None:
    """Pieces taken out, doubled, moved or replaced, in files of one and of two signers: an answer, and not `valid`."""
    content = data.draw(st.sampled_from([files.once(), files.twice(), files.stamped()])).content
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start + 1, min(len(content), start + 3000)))
    piece, elsewhere = content[start:end], data.draw(st.integers(0, len(content)))
    instead = data.draw(st.sampled_from([b"", piece * 2, b"\0" * len(piece), content[elsewhere:][: len(piece)]]))
    mutated = content[:start] + instead + content[end:]
    if mutated != content:
        assert examine(tmp_path, mutated).verdict is not Verdict.VALID


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.7\n", b"%PDF-2.0\n1 0 obj\n<< /Type /Sig /Contents <30"])
)
def test_any_bytes_at_all_are_an_answer(tmp_path: Path, junk: bytes, beginning: bytes) -> None:
    found = examine(tmp_path, beginning + junk)
    assert found.verdict in {Verdict.UNREADABLE, Verdict.UNSIGNED, Verdict.CHANGED}
    assert found.reasons
