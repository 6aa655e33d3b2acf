"""Every entry kind has its French words."""

import string

import pytest

from evidence import events, words

ACTOR = {"ip", "port", "user_agent"}


@pytest.mark.parametrize("kind", sorted(events.KINDS))
def test_every_kind_has_a_title_and_a_sentence_of_its_own_fields(kind: str) -> None:
    """STYLE, Tests: every entry kind has its text; a sentence names only what the entry has."""
    said = words.WORDS[kind]
    named = {name for _, name, _, _ in string.Formatter().parse(said.sentence) if name}

    assert said.title
    assert said.sentence.endswith(".")
    assert named <= set(events.KINDS[kind].model_fields)


def test_no_words_without_a_kind() -> None:
    assert set(words.WORDS) == set(events.KINDS)


def test_an_erased_value_is_said_to_be() -> None:
    said = words.sentence("signer.declared", {"signer": "1"}, {"first_name": "Camille"})

    assert said == "Le client désigne Camille (effacé), sans contrôle de pièce d’identité."


def test_a_document_is_called_by_its_title() -> None:
    data = {"document": "d1", "page": 3, "method": "displayed"}

    assert words.sentence("page.read", data, {}, documents={"d1": "Bail"}) == "« Bail », page 3 : affichée."
    assert words.sentence("page.read", data, {}) == "Le document, page 3 : affichée."


def test_checks_are_said() -> None:
    assert words.check("attachments:2") == "fichiers joints : 2"
    assert words.check("new_check") == "new_check"


def test_a_kind_of_a_later_version_stands_for_itself() -> None:
    assert words.title("archive.deposited") == "archive.deposited"
    assert words.sentence("archive.deposited", {}, {}) == ""


def test_braces_in_a_name_are_only_text() -> None:
    said = words.sentence("signer.declared", {}, {"first_name": "{x}", "last_name": "{0}"})

    assert "{x} {0}" in said


def test_a_repair_and_the_check_are_said_for_any_document_and_program() -> None:
    """Documents for information are repaired too; the check shares libraries with what signs, not its means."""
    repaired = words.sentence("document.repaired", {"document": "d", "means": "qpdf"}, {})

    assert "ne pouvait pas être présenté tel quel" in repaired
    assert words.sentence("signature.verified", {}, {}).endswith("par d’autres moyens que ceux qui ont signé.")
