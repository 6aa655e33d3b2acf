"""The dossier of a signer whose turn came after another's: what is said of the signature that was there."""

from pathlib import Path
from typing import Literal

import pytest
from django.utils import translation

from evidence.dossier import pdf, xml
from tests.evidence import trails, turns
from tests.evidence.test_conditions import said, told
from tests.evidence.test_pdf import text_of, written

pytestmark = pytest.mark.django_db


def test_the_turn_and_the_earlier_signature_are_facts() -> None:
    """evidence.md, Dossier 1: a signer's dossier does not hold the other signers' data, only that they signed."""
    walk = turns.second()
    of = told(walk)
    made = next(each.seq for each in walk.read() if each.kind == "signature.made")

    assert (of.signer.turn, of.transaction.turns, of.transaction.signers) == (2, 2, 2)
    assert [each.signed.earlier_entries for each in of.documents.document if each.signed] == [(made,)]
    assert of.journal.entry[made - 1].scope == "other"
    assert of.journal.entry[made - 1].opening == ()
    assert xml.read(xml.build(of)) == of


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "fr",
            (
                "désigné comme signataire 2 sur 2",
                "Appelé au tour 2 sur 2",
                "Une autre personne désignée avait signé avant ; cette signature couvre la sienne.",
                "Le fichier portait déjà la signature d’une autre personne désignée (inscription",
            ),
        ),
        (
            "en",
            (
                "named as signer 2 of 2",
                "Called on in turn 2 of 2",
                "Another person named had signed before; this signature covers theirs.",
                "The file already carried the signature of another person named (entry",
            ),
        ),
    ],
)
def test_it_is_said_without_a_name(language: Literal["fr", "en"], sentences: tuple[str, ...], tmp_path: Path) -> None:
    text = text_of(pdf.render(written(turns.second(language=language))), tmp_path)

    assert all(each in text for each in sentences), text
    assert "Camille" not in text


def test_alone_nobody_is_said_to_have_signed_before() -> None:
    of = told(trails.signed())

    assert [each.signed.earlier_entries for each in of.documents.document if each.signed] == [()]
    assert "avait signé avant" not in said(of, "link")


@pytest.mark.parametrize(
    ("language", "sentence", "limit"),
    [
        (
            "fr",
            "Aucun code n’a été demandé : le bouton a été pressé dans la session",
            "autre chose que le lien d’accès",
        ),
        ("en", "No code was asked for: the button was pressed in the session", "anything more than the access link"),
    ],
)
def test_without_a_code_page_one_says_so_and_what_that_leaves_open(
    language: Literal["fr", "en"], sentence: str, limit: str, tmp_path: Path
) -> None:
    """DESIGN, Honest words: where no code was asked for, only the link ties the person to the click."""
    text = text_of(pdf.render(written(trails.signed(channel="none", language=language))), tmp_path)

    assert sentence in text
    assert limit in text
    assert ("Only the access link and the session" in text) is (language == "en")


def test_a_path_without_code_that_ended_unsigned_was_to_have_none() -> None:
    of = told(trails.closed("EXPIRED", channel="none"))

    assert "Aucun code n’était prévu." in said(of, "identification")
    with translation.override("en"):
        assert "No code was to be asked for." in said(of, "identification")
