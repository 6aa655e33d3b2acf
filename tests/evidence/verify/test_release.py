"""The check before release: our own files pass, and every alteration of one is found."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.timestamps import LocalAuthority, LocalTimeStamper
from evidence.verify import release, report
from evidence.verify.coverage import signatures_of
from evidence.verify.release import NotSound
from evidence.verify.verdicts import Verdict
from signing.engine.ca import Revoked
from signing.engine.keys import OneUseKey
from tests.engine import authority
from tests.evidence.verify import files, tampered
from tests.evidence.verify.files import flipped
from tests.pdfs import raw, signed, sound

ALL = (
    *(
        "prefix",
        "page_count",
        "page_content",
        "page_frame",
        "page_annotations",
        "additions",
        "byte_range",
        "contents",
        "revision_end",
        "signer_certificate",
    ),
    *("message_digest", "signing_certificate_v2", "signature", "signature_timestamp", "chain", "revocation"),
    *("revocation_date", "document_timestamp", "whole_file"),
)


def failed(folder: Path, content: bytes | None = None, signed: files.Signed | None = None, **changes: object) -> str:
    """The name of the check that fails."""
    with pytest.raises(NotSound) as failure:
        (signed or files.once()).check(folder, content, **changes)
    assert failure.value.sentence.endswith(".")
    return failure.value.check


def gap(content: bytes, number: int) -> tuple[int, int]:
    """Where the contents of a signature stand."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = signatures_of(pdf)[number]
    return found.byte_range[1], found.byte_range[2]


def test_a_file_just_signed_passes_every_check(tmp_path: Path) -> None:
    """DESIGN.md, How a signature flows, 5: checks the result."""
    assert files.once().check(tmp_path) == ALL


def test_the_second_signer_of_a_document_leaves_the_first_intact(tmp_path: Path) -> None:
    """evidence.md, Certificates: successive increments, every earlier signature stays valid."""
    assert set(files.twice().check(tmp_path)) == {*ALL, "earlier_signatures"}


def test_other_bytes_than_those_presented_are_not_released(tmp_path: Path) -> None:
    """DESIGN.md, Decisions: the presented bytes are a prefix of the signed file."""
    assert failed(tmp_path, presented=files.once().prefix._replace(sha256="0" * 64)) == "prefix"
    assert failed(tmp_path, presented=files.once().prefix._replace(length=len(files.once().content))) == "prefix"


def test_a_signature_that_leaves_out_presented_bytes_is_not_released(tmp_path: Path) -> None:
    """The byte range must reach beyond what was shown."""
    whole = files.once().content
    assert failed(tmp_path, presented=files.prefix(whole), base=files.prefix(whole)) == "prefix"
    shown = files.twice().base
    assert failed(tmp_path, signed=files.twice(), presented=files.prefix(shown), base=files.once().prefix) == "prefix"


def test_another_number_of_pages_is_not_released(tmp_path: Path) -> None:
    """signing-engine.md, Intake: after signing, a check of the page count."""
    assert failed(tmp_path, page_count=files.PAGES + 1) == "page_count"


def test_another_certificate_or_chain_is_not_released(tmp_path: Path) -> None:
    """One-use means one use: the certificate is the one that was issued for this order."""
    other = OneUseKey.generate()
    assert failed(tmp_path, certificate=authority.certify(other)) == "signer_certificate"
    below, root = authority.pki().authority.chain()
    assert failed(tmp_path, chain=(root,)) in {"signature_timestamp", "chain"}
    assert failed(tmp_path, chain=(below,)) in {"signature_timestamp", "chain"}
    strange = authority.pki(authority.AT + timedelta(minutes=1)).authority.chain()
    assert failed(tmp_path, chain=strange) == "signature_timestamp"


def test_something_appended_is_not_released(tmp_path: Path) -> None:
    """The document time stamp covers the whole file to its last byte."""
    assert failed(tmp_path, files.once().content + b"\n") == "whole_file"
    assert failed(tmp_path, raw.update(sound.contract(), {900: b"<< >>"})) == "structure"


def test_a_file_without_document_time_stamp_is_not_released(tmp_path: Path) -> None:
    """DESIGN.md, Decisions: nothing degrades in silence; level B-LTA."""
    content, (*_, start, length) = files.once().content, files.once().facts.byte_range
    assert failed(tmp_path, content[: start + length]) == "structure"
    assert failed(tmp_path, sound.contract()) == "structure"
    assert failed(tmp_path, b"%PDF-1.7\nnothing") == "structure"


@pytest.mark.parametrize("where", [b"Article 21", b"/ByteRange", b"/DSS", b"/CRLs", b"%%EOF"])
def test_one_altered_byte_is_found(where: bytes, tmp_path: Path) -> None:
    """reliability.md, Threats: swap between display and signing; checked after signing."""
    content = files.once().content
    for found in re.finditer(re.escape(where), content):
        failed(tmp_path, flipped(content, found.start() + 2))


@pytest.mark.parametrize("number", [0, 1])
def test_an_altered_message_or_token_is_found(number: int, tmp_path: Path) -> None:
    """CMS and tokens, one byte in forty, in digits that stay digits; the padding must stay padding."""
    content = files.once().content
    start, end = gap(content, number)
    for place in range(start + 200, end - 1, 80):
        failed(tmp_path, flipped(content, place))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_any_altered_byte_outside_the_last_token_is_found(tmp_path: Path, share: float, mask: int) -> None:
    """Whatever the document time stamp covers, it proves."""
    content = bytearray(files.once().content)
    start, end = gap(bytes(content), 1)
    places = [*range(start), *range(end, len(content))]
    content[places[int(share * len(places))]] ^= mask
    failed(tmp_path, bytes(content))


@pytest.mark.parametrize("octet", [b"\xae", b"\xff", b"#ae"])
def test_a_name_whose_octets_are_of_no_encoding_is_found(octet: bytes, tmp_path: Path) -> None:
    """The library makes no text of it, and what it raises is no answer."""
    content = files.once().content.replace(b"/SubFilter /ETSI", b"/SubFilter /" + octet.ljust(4, b"I"), 1)
    assert failed(tmp_path, content) == "message_digest"
    found = report.examine(tmp_path / "signed.pdf", roots=[], at=authority.AT)
    assert [each.field for each in found.signatures] == ["Paraphe-1", "Paraphe-1-archive"]
    assert found.verdict in {Verdict.CHANGED, Verdict.INVALID}


@pytest.mark.parametrize("instead", [b"/x", b"null", b"(1)"])
def test_a_byte_range_of_anything_but_numbers_is_found(tmp_path: Path, instead: bytes) -> None:
    """ISO 32000-2, table 255: an array of pairs of integers."""
    content = files.once().content
    place = content.rindex(b"/ByteRange [") + len(b"/ByteRange [")
    assert content[place : place + 1] == b"0"
    until = content.index(b"]", place)
    numbers = content[place:until]
    changed = instead + numbers[len(instead) :]
    failed(tmp_path, content[:place] + changed + content[until:])


def test_a_damaged_earlier_signature_is_found(tmp_path: Path) -> None:
    """signing-engine.md, Intake: earlier signatures still intact."""
    two = files.twice()
    start, _ = gap(two.content, 0)
    damaged = flipped(two.content, start + 900)
    assert failed(tmp_path, damaged, two) == "prefix"
    base = files.prefix(damaged[: len(two.base)])  # it was damaged before the second one was made
    assert failed(tmp_path, damaged, two, base=base) in {"earlier_signatures", "document_timestamp"}


def test_lists_of_another_time_are_not_released(tmp_path: Path) -> None:
    """evidence.md, Certificates: the embedded CRL's thisUpdate lies inside the certificate's validity."""
    late = files.with_lists_of(authority.AT + timedelta(hours=1))
    assert failed(tmp_path, signed=late) == "revocation_date"


def test_a_token_of_a_unit_that_a_list_names_is_not_released(tmp_path: Path) -> None:
    """RFC 3161, 4.1: its own key may be in other hands."""
    pki = authority.pki()
    gone = Revoked(pki.tsa.certificate.serial_number, authority.AT - timedelta(minutes=5))
    lists = (pki.crl(pki.issuing, authority.AT, timedelta(minutes=25), gone), pki.crls()[1])
    assert failed(tmp_path, signed=files.with_lists(*lists)) == "revocation"


@pytest.mark.parametrize(("behind", "good"), [(0.5, True), (30, False)])
def test_a_document_time_stamp_older_than_the_lists_is_not_released(
    behind: float, *, good: bool, tmp_path: Path
) -> None:
    """It proves no list that was made after it: nobody would believe the signature once its certificate has ended."""
    pki, times = authority.pki(), [authority.AT - timedelta(seconds=behind), authority.AT]
    clock = LocalAuthority(pki.tsa, policy=authority.TSA_POLICY, clock=times.pop)
    document = files.once().presented
    made = files._sign(document, document, "Paraphe-1", timestamper=LocalTimeStamper(clock))
    if good:
        assert made.check(tmp_path) == ALL
    else:
        assert failed(tmp_path, signed=made) == "document_timestamp"


def test_a_certificate_that_has_no_part_in_it_is_not_released(tmp_path: Path) -> None:
    """No signature covers the certificates of a message: what is among them was not asked for."""

    def another(data: Any, _signer: Any) -> None:
        data["certificates"].append(tampered.message_of(signed.approved())["content"]["certificates"][0])

    content = tampered.changed(another)
    assert failed(tmp_path, content, files.stamped()) == "chain"


def test_nothing_of_the_signer_is_used_to_check_it() -> None:
    """DESIGN.md: a check by other means; no module of the engine or of pyHanko is imported for it."""
    source = Path(release.__file__).parent
    checked = (
        "release",
        "released",
        "additions",
        "pages",
        "coverage",
        "messages",
        "certificates",
        "window",
        "failures",
    )
    for name in checked:
        text = (source / f"{name}.py").read_text(encoding="utf-8")
        assert not re.search(r"^(from|import) (pyhanko|signing)", text, re.MULTILINE), name
