"""The page that verifies a signed PDF takes a dossier, too: its seal is a signature of this house."""

from pathlib import Path

from tests.evidence.test_seal import sealed_pdf
from tests.evidence.views.handed_in import hand_in, words


def test_a_sealed_dossier_is_verified_like_any_other(tmp_path: Path) -> None:
    _source, sealed = sealed_pdf(tmp_path)
    page = words(hand_in(sealed.read_bytes(), name="dossier.pdf"))
    assert "Ce document est signé, et rien n’y a changé depuis." in page
    assert "la racine de ce service" in page


def test_an_altered_dossier_is_told(tmp_path: Path) -> None:
    """What was altered is told, of a dossier as of a contract."""
    _source, sealed = sealed_pdf(tmp_path)
    content = bytearray(sealed.read_bytes())
    content[900] ^= 1
    assert "Ce fichier a été altéré depuis sa signature." in words(hand_in(bytes(content), name="dossier.pdf"))
