"""A signature that a page shows and no form lists (ISO 32000-2, 12.7.3): some viewers show it, most do not.

Poppler's `pdfsig -add-signature` leaves such files where there is a form already; poppler alone shows what it signed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence.verify.verdicts import Verdict
from tests.engine.test_intake import look_at
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import forged, raw, signed

__all__ = ["quiet"]  # a fixture


def unlisted() -> bytes:
    return forged.built(fields=b"")


def test_it_is_told_and_what_it_covers_is_compared(tmp_path: Path) -> None:
    """Known sound bytes are not called altered, and nobody took anything away."""
    found = examine(tmp_path, unlisted())
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["unlisted"])
    (one,) = found.signatures
    assert (one.field, one.integrity, one.changes) == ("Signature", "intact", "none")
    assert (one.who, one.issuer, one.when) == ("Throwaway", "Throwaway", datetime(2026, 1, 1, tzinfo=UTC))


def test_a_broken_one_is_broken(tmp_path: Path) -> None:
    found = examine(tmp_path, unlisted().replace(b"Contrat de prestation", b"Contrat de prostation", 1))
    assert (found.verdict, codes(found)) == (Verdict.INVALID, ["structure", "digest"])


@pytest.mark.parametrize("name", [b"/ByteRange", b"/B#79teRange"])
def test_it_is_told_beside_others(name: bytes, tmp_path: Path) -> None:
    """A later signature does not make it go unsaid; what followed it is not compared."""
    value = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached %s [0 1 2 3] /Contents <00> >>" % name
    )
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Other) /Rect [0 0 0 0] /F 132 /P 3 0 R /V 7 0 R >>"
    document = raw.write(raw.one_page(page=b"/Annots [6 0 R]", more={6: field, 7: value}))
    found = examine(tmp_path, files.of(document).content)
    assert [(each.field, each.verdict) for each in found.signatures if not each.field.startswith("Paraphe")] == [
        ("Other", Verdict.CHANGED)
    ]
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["unlisted"])


@pytest.mark.parametrize("first_free", [b"0000000000 65535 f ", b"0000000000 65536 f "])
def test_a_field_whose_type_stands_above_it_is_listed(first_free: bytes, tmp_path: Path) -> None:
    """12.7.4.1; in a file that a strict reading opens, and in one that it does not."""
    above = b"<< /FT /Sig /T (Above) /Kids [6 0 R] >>"
    document = forged.built(fields=b"9 0 R", more={9: above}, kind=b"/Parent 9 0 R", first_free=first_free)
    found = examine(tmp_path, document)
    assert [(each.field, each.integrity) for each in found.signatures] == [("Above.Signature", "intact")]
    assert "unlisted" not in codes(found)


@pytest.mark.parametrize(
    "make", [unlisted, lambda: raw.update(signed.sign(raw.write(raw.one_page())), {1: raw.CATALOG})]
)
def test_it_is_refused_at_intake(make: Callable[[], bytes], tmp_path: Path) -> None:
    """Nobody could check it, or say whether it is shown; merged files have such signatures, too, and broken ones."""
    assert look_at(make(), tmp_path)["refused"] == "PDF_SIGNED_UNSOUND"


def test_a_signature_that_was_taken_back_is_not_counted(tmp_path: Path) -> None:
    """Its object is in the file still; nobody is told that somebody has signed."""
    hidden = raw.update(signed.sign(raw.write(raw.one_page())), {1: raw.CATALOG, 3: raw.one_page()[3]})
    assert look_at(hidden, tmp_path)["checks"] == ("strict",)
