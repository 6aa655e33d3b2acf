"""Verification is not fooled (issue, part 5). Every attack is made on a file that is valid, or intact, before it.

Sound controls stand beside: what is no attack is not called one.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from evidence.verify.verdicts import FileReport, Verdict
from tests.engine import authority
from tests.evidence.verify import files, tampered
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import forged, raw, shadow, signed, sneaky, sound

__all__ = ["quiet"]  # a fixture

ALTERED = {Verdict.CHANGED, Verdict.INVALID}


def first(found: FileReport) -> tuple[str, str]:
    return found.signatures[0].integrity, found.signatures[0].changes


@pytest.mark.parametrize("name", shadow.ATTACKS)
def test_a_shadow_attack_is_a_change(name: str, tmp_path: Path) -> None:
    """Hide, replace, hide and replace: nothing of what was signed is touched, and another content is shown."""
    attack = shadow.ATTACKS[name]
    before = files.of(attack.prepared).content
    assert examine(tmp_path, before).verdict is Verdict.VALID
    sprung = attack.sprung(before)
    assert sprung.startswith(before)
    found = examine(tmp_path, sprung)
    assert found.verdict is Verdict.CHANGED
    assert codes(found)[0] in {"modified", "form_filled"}
    assert first(found)[0] == "intact"


@pytest.mark.parametrize("name", shadow.ATTACKS)
def test_a_shadow_attack_is_told_without_any_root(name: str, tmp_path: Path) -> None:
    """ "Unknown issuer" never stands in the place of "altered"."""
    attack = shadow.ATTACKS[name]
    before = signed.sign(attack.prepared)
    assert codes(examine(tmp_path, before, roots=[])) == ["issuer_unknown"]
    assert examine(tmp_path, attack.sprung(before), roots=[]).verdict is Verdict.CHANGED


@pytest.mark.parametrize("name", shadow.ATTACKS)
def test_signing_after_a_shadow_attack_does_not_heal_it(name: str, tmp_path: Path) -> None:
    """The attacker signs what he has sprung: his signature covers all, and the first one is no less told."""
    attack = shadow.ATTACKS[name]
    sprung = attack.sprung(files.of(attack.prepared).content)
    assert examine(tmp_path, signed.sign(sprung, field="Attacker")).verdict in ALTERED


@pytest.mark.parametrize("name", forged.INCREMENTS)
def test_what_incremental_saving_adds_is_a_change(name: str, tmp_path: Path) -> None:
    """With and without a table, a trailer, a copy of the signature."""
    for before in (forged.one(), files.of(raw.write(raw.one_page())).content):
        assert examine(tmp_path, before).verdict in {Verdict.VALID, Verdict.UNTRUSTED}
        assert examine(tmp_path, forged.INCREMENTS[name](before)).verdict in ALTERED


@pytest.mark.parametrize("name", forged.FORGERIES)
def test_a_signature_without_what_it_takes_to_verify_it_is_not_intact(name: str, tmp_path: Path) -> None:
    """Universal signature forgery: a reader that finds nothing to check must not call it checked."""
    found = examine(tmp_path, forged.FORGERIES[name](forged.one()))
    assert found.verdict in ALTERED
    assert found.signatures


@pytest.mark.parametrize("name", forged.WRAPPINGS)
def test_a_wrapped_signature_is_a_change(name: str, tmp_path: Path) -> None:
    """All that was signed is there, its digest is right, and another content stands in the gap."""
    before = forged.built(room=forged.ROOM)
    assert codes(examine(tmp_path, before)) == ["issuer_unknown"]
    found = examine(tmp_path, forged.WRAPPINGS[name](before))
    assert found.verdict is Verdict.CHANGED
    assert codes(found)[0] == "contents"
    assert first(found)[0] == "intact"


@pytest.mark.parametrize("name", forged.ODD)
def test_a_signature_over_an_odd_range_is_not_intact(name: str, tmp_path: Path) -> None:
    """Its digest is right over what it names: what it leaves out is the attack."""
    found = examine(tmp_path, forged.built(forged.ODD[name]))
    assert found.verdict in ALTERED
    assert {"byte_range", "contents", "revision_end", "digest"}.intersection(codes(found))


def test_the_same_signature_over_all_of_the_file_is_intact(tmp_path: Path) -> None:
    """Control of the two tests above."""
    found = examine(tmp_path, forged.built())
    assert (found.verdict, codes(found), first(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"], ("intact", "none"))


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\r", b" ", b"\n\n  \n", b"\0", b"\n--boundary--\r\n"])
@pytest.mark.parametrize(
    "layout", [{}, {"first_free": b"0000000000 65536 f "}, {"size": 5}, {"size": 500}, {"trailer": b"/Prev 12345"}]
)
def test_a_file_as_other_programs_write_them_is_not_called_altered(
    end: bytes, layout: dict[str, Any], tmp_path: Path
) -> None:
    """Signed to its last byte, whatever that is, in a file that a strict reading may not open."""
    before = forged.built(end=end, **layout)
    found = examine(tmp_path, before)
    assert (found.verdict, first(found)) == (Verdict.UNTRUSTED, ("intact", "none"))
    assert found.signatures[0].who == "Throwaway"
    assert codes(found)[0] in {"issuer_unknown", "unusual"}
    assert examine(tmp_path, before + b"1").verdict is Verdict.CHANGED
    assert examine(tmp_path, before.replace(b"Contrat de", b"Cession de")).verdict is Verdict.INVALID


def test_what_a_strict_reading_does_not_open_must_have_been_signed_by_whom_it_names(tmp_path: Path) -> None:
    """A right digest is soon written: the arithmetic must hold, too, else a file is called altered."""
    before = forged.built(first_free=b"0000000000 65536 f ")
    forgery = tampered.changed(lambda _data, signer: signer.__setitem__("signature", b"0" * 70), before)
    assert examine(tmp_path, forgery).verdict is Verdict.CHANGED


def test_every_sound_document_can_be_signed_by_others_and_is_not_called_altered(tmp_path: Path) -> None:
    """Object streams, linearised, attachments, layers, PDF/A, signed once and twice, certified and not."""
    makers = (sound.object_streams, sound.linearised, sound.attachment, sound.shown_layers, sound.archival)
    contents = [signed.sign(make()) for make in (*makers, sound.empty_signature_field, sound.closed_form)]
    contents += [signed.certified_for_forms(), signed.certified_without_changes(), signed.approved_twice()]
    contents += [signed.sign(signed.certified_for_forms(), field="Second")]
    for content in contents:
        found = examine(tmp_path, content)
        assert (found.verdict, set(codes(found))) == (Verdict.UNTRUSTED, {"issuer_unknown"})
        assert {each.integrity for each in found.signatures} == {"intact"}


@pytest.mark.parametrize("name", tampered.SIGNERS)
def test_a_message_of_more_or_other_signers_is_invalid(name: str, tmp_path: Path) -> None:
    """Doubled SignerInfo, exchanged certificates: in a signature, and in a document time stamp."""
    change = tampered.SIGNERS[name]
    for content, number in ((files.stamped().content, 0), (files.once().content, 0), (files.once().content, 1)):
        attacked = tampered.changed(change, content, number)
        assert examine(tmp_path, attacked).verdict is Verdict.INVALID
        assert examine(tmp_path, attacked, roots=[]).verdict is Verdict.INVALID


@pytest.mark.parametrize("name", tampered.STAMPS)
def test_a_time_stamp_of_another_signature_proves_nothing(name: str, tmp_path: Path) -> None:
    """Stripped or copied: the time is not proven, whatever else holds."""
    found = examine(tmp_path, tampered.stamped(tampered.STAMPS[name]))
    assert found.verdict in {Verdict.UNTRUSTED, Verdict.INVALID}
    assert not found.signatures[0].proven
    assert set(codes(found)) <= {"timestamp", "not_proven", "not_examined"}


@pytest.mark.parametrize("name", tampered.STAMPS)
def test_under_a_document_time_stamp_nobody_exchanges_a_time_stamp(name: str, tmp_path: Path) -> None:
    found = examine(tmp_path, tampered.stamped(tampered.STAMPS[name], files.once().content))
    assert found.verdict is Verdict.INVALID


def test_a_time_stamp_of_the_document_is_no_good_for_another(tmp_path: Path) -> None:
    """The token of one file in the place of another's."""
    token = tampered.embedded(files.of(raw.write(raw.one_page())).content, 1).contents.rstrip(b"\0")
    found = examine(tmp_path, tampered.with_message(files.once().content, token, 1))
    assert (found.verdict, codes(found)) == (Verdict.INVALID, ["timestamp"])


def test_a_later_signature_that_hides_the_page_is_a_change(tmp_path: Path) -> None:
    """Signing again is permitted, and drawing all over the page is not: by a stranger, by a trusted time stamp."""
    before = files.once().content
    for sneaked in (sneaky.by_signature(before), sneaky.by_time_stamp(before, authority.pki().stamper())):
        found = examine(tmp_path, sneaked)
        assert (found.verdict, codes(found), first(found)) == (Verdict.CHANGED, ["covered"], ("intact", "covered"))
    assert examine(tmp_path, sneaky.by_empty_field(before)).verdict is Verdict.CHANGED


def test_later_signatures_that_hide_the_page_together_are_a_change(tmp_path: Path) -> None:
    """Each is smaller than what one may draw; one of them alone is no attack."""
    before = files.once().content
    assert examine(tmp_path, sneaky.by_signature(before, box=(0, 0, 595, 170))).verdict is Verdict.UNTRUSTED
    found = examine(tmp_path, sneaky.by_strips(before))
    assert (found.verdict, codes(found), first(found)) == (Verdict.CHANGED, ["covered"], ("intact", "covered"))


def test_a_later_signature_in_a_corner_and_a_time_stamp_that_shows_nothing_are_none(tmp_path: Path) -> None:
    before = files.once().content
    found = examine(tmp_path, sneaky.by_signature(before, box=sneaky.CORNER))
    assert (found.verdict, codes(found), first(found)) == (
        Verdict.UNTRUSTED,
        ["issuer_unknown"],
        ("intact", "metadata"),  # pyHanko writes the version of the format and XMP when it signs
    )
    stamped = sneaky.by_time_stamp(before, authority.pki().stamper(), box=(0, 0, 0, 0))
    assert examine(tmp_path, stamped).verdict is Verdict.VALID


def test_fonts_for_a_form_whose_fields_have_drawings_of_their_own_are_no_attack(tmp_path: Path) -> None:
    before = files.of(shadow.FONTS_ADDED.prepared).content
    assert examine(tmp_path, shadow.FONTS_ADDED.sprung(before)).verdict is Verdict.VALID


def test_another_title_is_told_apart_from_evidence_and_signatures(tmp_path: Path) -> None:
    """No page shows it: the document is as it was signed, and the title of its window is another."""
    found = examine(tmp_path, shadow.retold(files.of(raw.write(raw.one_page())).content))
    assert (found.verdict, [each.changes for each in found.signatures]) == (Verdict.VALID, ["metadata", "metadata"])


@pytest.mark.parametrize("entry", [b"/Version /2.0", b"/Extensions << /ADBE << /ExtensionLevel 8 >> >>"])
def test_another_version_of_the_format_is_told_apart_too(entry: bytes, tmp_path: Path) -> None:
    signed_one = files.of(raw.write(raw.one_page())).content
    catalog = re.findall(rb"\b1 0 obj\s(.*?)endobj", signed_one, re.DOTALL)[-1].strip()
    found = examine(tmp_path, shadow.appended(signed_one, {1: catalog[:-2] + entry + b">>"}))
    assert (found.verdict, found.signatures[0].changes) == (Verdict.VALID, "metadata")
