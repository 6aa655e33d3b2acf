"""The check of a file that came back from another service: nothing of it is known but what was handed over."""

import hashlib
from pathlib import Path

import pytest

from evidence.verify import received
from evidence.verify.failures import NotSound
from evidence.verify.received import Expected, Received
from signing.engine.levels import Level
from tests.engine import authority
from tests.evidence.verify import files, misdeeds
from tests.evidence.verify.files import PAGES, Signed
from tests.evidence.verify.test_purposes import DOCUMENTS, OTHER_THINGS, signed_with
from tests.pdfs import sound


def taken(folder: Path, content: bytes, *, presented: bytes, handed: bytes, roots: str = "own") -> Received:
    file = folder / "signed.pdf"
    file.write_bytes(content)
    expected = Expected(
        presented_sha256=hashlib.sha256(presented).hexdigest(),
        presented_length=len(presented),
        handed_sha256=hashlib.sha256(handed).hexdigest(),
        handed_length=len(handed),
        page_count=PAGES,
    )
    chain = authority.pki().authority.chain()
    return received.check(file, expected, roots=chain[-1:] if roots == "own" else ())


def first() -> Signed:
    return files.once()


def test_certificate_tokens_and_list_are_read_from_the_file(tmp_path: Path) -> None:
    signed = first()
    found = taken(tmp_path, signed.content, presented=signed.presented, handed=signed.presented)
    assert found.issued.serial == f"{signed.certificate.serial_number:x}"
    assert found.issued.subject == signed.certificate.subject.rfc4514_string()
    assert found.issued.names == ("Camille Martin", "Camille", "Martin")
    assert found.issued.policy
    assert found.byte_range == signed.facts.byte_range
    assert found.signature_sha256 == signed.facts.signature_sha256
    assert found.tokens == signed.facts.tokens
    assert found.level == "PAdES_BASELINE_LTA"
    assert found.issued.not_before <= found.proven <= found.issued.not_after
    assert found.revoked.issuer == found.issued.issuer
    assert found.revoked.this_update < found.revoked.next_update
    assert {"prefix", "signature", "chain", "revocation", "whole_file"} <= set(found.checks)


@pytest.mark.parametrize("name", ["a script at opening", "names", "a language"])
def test_a_service_that_gives_the_file_more_than_a_signature_is_found_out(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own signature covers that, so that nobody would call it altered later; the signer was shown none of it."""
    shown = first().presented
    made = misdeeds.signed_by(misdeeds.MORE[name], monkeypatch, base=shown, level=Level.LTA)
    with pytest.raises(NotSound) as failure:
        taken(tmp_path, made.content, presented=shown, handed=shown)
    assert failure.value.check == "additions"


def test_one_signature_more_than_the_file_handed_over(tmp_path: Path) -> None:
    """The second signer's file: its own certificate is found, the first signature stays before it."""
    one, two = first(), files.twice()
    found = taken(tmp_path, two.content, presented=two.presented, handed=one.content)
    assert found.issued.serial == f"{two.certificate.serial_number:x}"
    assert "earlier_signatures" in found.checks


@pytest.mark.parametrize(
    ("case", "check"),
    [
        ("two signatures more", "structure"),
        ("none more", "structure"),
        ("without the one before", "prefix"),
        ("another document", "prefix"),
        ("unknown root", "chain"),
    ],
)
def test_what_was_not_asked_for_is_refused(tmp_path: Path, case: str, check: str) -> None:
    one, two = first(), files.twice()
    content, handed, roots = {
        "two signatures more": (two.content, two.presented, "own"),
        "none more": (one.content, one.content, "own"),
        "without the one before": (one.content, two.content, "own"),
        "another document": (two.content[1:], two.presented, "own"),
        "unknown root": (one.content, one.presented, "none"),
    }[case]
    with pytest.raises(NotSound) as caught:
        taken(tmp_path, content, presented=one.presented, handed=handed, roots=roots)
    assert caught.value.check == check


def test_a_key_for_other_things_signs_nothing_even_below_the_root(tmp_path: Path) -> None:
    presented = sound.contract(PAGES)
    with pytest.raises(NotSound) as caught:
        taken(tmp_path, signed_with(OTHER_THINGS["a server"], pages=PAGES), presented=presented, handed=presented)
    assert caught.value.check == "signer_certificate"
    taken(tmp_path, signed_with(*DOCUMENTS["e-mail"], pages=PAGES), presented=presented, handed=presented)
