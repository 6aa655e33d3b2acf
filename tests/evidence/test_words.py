"""Every entry kind has its words, French and English."""

import string

import pytest
from django.utils import translation

from evidence import choices, events, vocabulary, words

ACTOR = {"ip", "port", "user_agent"}


@pytest.mark.parametrize("kind", sorted(events.KINDS))
def test_every_kind_has_a_title_and_a_sentence_of_its_own_fields(kind: str) -> None:
    """STYLE, Tests: every entry kind has its text; a sentence names only what the entry has."""
    said = vocabulary.WORDS[kind]

    assert said.title
    assert said.sentence.endswith(".")
    assert _fields(said.sentence) <= set(events.KINDS[kind].model_fields)


@pytest.mark.parametrize("kind", sorted(events.KINDS))
def test_every_kind_speaks_english_too(kind: str) -> None:
    """STYLE, Tests: every entry kind has French and English text, with the same fields in both."""
    said = vocabulary.WORDS[kind]
    with translation.override("en"):
        title, sentence = words.title(kind), translation.gettext(said.sentence)

    assert sentence != said.sentence
    assert sentence.endswith(".")
    assert title != said.title or title == "Invitation"  # the word is the same
    assert _fields(sentence) == _fields(said.sentence)


@pytest.mark.parametrize("of", sorted(choices.CHOICES))
def test_every_choice_is_translated(of: str) -> None:
    """Words that are the same in both languages are names: formats, levels, e-mail and SMS."""
    with translation.override("en"):
        same = {said for value, said in choices.CHOICES[of].items() if words.choice(of, value) == said}

    assert same <= {"XML", "PDF", "e-mail", "SMS", "B-B", "B-T", "B-LT", "B-LTA"}


def test_an_entry_is_told_in_the_language_that_is_active_when_it_is_shown() -> None:
    """Issue 3, part 6: one trail, each reader in a language of their own."""
    data = {"document": "d1", "page": 3, "method": "displayed"}
    with translation.override("en"):
        told = words.sentence("page.read", data, {}, documents={"d1": "Bail"})
        checked = words.check("attachments:2")

    assert told == "“Bail”, page 3: displayed."
    assert checked == "attached files: 2"
    assert words.sentence("page.read", data, {}, documents={"d1": "Bail"}) == "« Bail », page 3 : affichée."


@pytest.mark.parametrize(
    ("channel", "said"), [("none", "aucun code ne sera demandé."), ("sms", "un code par SMS sera")]
)
def test_the_sentence_of_the_armed_path_is_right_without_a_code(channel: str, said: str) -> None:
    assert said in words.sentence("path.armed", {"code_channel": channel}, {})


def test_a_code_that_nobody_answered_for_is_told_so() -> None:
    sent = {"channel": "sms", "n": 1}
    recipient = {"recipient": "+33600000042"}

    assert words.sentence("code.sent", sent, recipient) == "Le code part par SMS à +33600000042."
    unanswered = words.sentence("code.sent", sent | {"answered": False}, recipient)
    assert unanswered == "Le code part par SMS à +33600000042 ; le transporteur n’a pas répondu."


@pytest.mark.parametrize(
    ("kind", "data", "values", "said"),
    [
        ("login.asserted", {"means": "SMS"}, {"account": "c-4711", "payment": "P-42"}, ", et un paiement : P-42."),
        ("login.asserted", {"means": "SMS"}, {"account": "c-4711"}, "que c-4711 était connecté sur son site (SMS)."),
        ("extrinsic.added", {"type": "IDCARD"}, {"number": "8806"}, "au dossier : carte d’identité, 8806."),
        ("extrinsic.added", {"type": "proof_file"}, {"name": "a.jpg"}, "au dossier : pièce du dossier, « a.jpg »."),
        ("extrinsic.added", {"type": "IDCARD"}, {}, "au dossier : carte d’identité."),
    ],
)
def test_what_the_client_declared_is_told_whole(
    kind: str, data: dict[str, str], values: dict[str, str], said: str
) -> None:
    """Erased, it is left out; the entry stays."""
    assert words.sentence(kind, data, values).endswith(said)


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_no_words_without_a_kind() -> None:
    assert set(vocabulary.WORDS) == set(events.KINDS)


def test_an_erased_value_is_said_to_be() -> None:
    said = words.sentence("signer.declared", {"signer": "1"}, {"first_name": "Camille"})

    assert said == "Le client désigne Camille (effacé), sans contrôle de pièce d’identité."


def test_a_document_is_called_by_its_title() -> None:
    data = {"document": "d1", "page": 3, "method": "displayed"}

    assert words.sentence("page.read", data, {}, documents={"d1": "Bail"}) == "« Bail », page 3 : affichée."
    assert words.sentence("page.read", data, {}) == "Le document, page 3 : affichée."


@pytest.mark.parametrize(("language", "said"), [("fr", "octets : 1 421 906."), ("en", "bytes: 1,421,906.")])
def test_octets_are_written_as_on_page_one(language: str, said: str) -> None:
    with translation.override(language):
        told = words.sentence("document.frozen", {"document": "d", "pages": 3, "bytes": 1_421_906}, {})
    assert told.replace("\u00a0", " ").endswith(said)


def test_checks_are_said() -> None:
    assert words.check("attachments:2") == "fichiers joints : 2"
    assert words.check("new_check") == "new_check"


def test_a_kind_of_a_later_version_stands_for_itself() -> None:
    assert words.title("archive.migrated") == "archive.migrated"
    assert words.sentence("archive.migrated", {}, {}) == ""


def test_braces_in_a_name_are_only_text() -> None:
    said = words.sentence("signer.declared", {}, {"first_name": "{x}", "last_name": "{0}"})

    assert "{x} {0}" in said


def test_a_repair_and_the_check_are_said_for_any_document_and_program() -> None:
    """Documents for information are repaired too; the check shares libraries with what signs, not its means."""
    repaired = words.sentence("document.repaired", {"document": "d", "means": "qpdf"}, {})

    assert "ne pouvait pas être présenté tel quel" in repaired
    assert words.sentence("signature.verified", {}, {}).endswith("par d’autres moyens que ceux qui ont signé.")


NAMED_BY_THE_SPECIFICATION = {
    "access": "confirmed refused",
    "archive": "deposited receipt failed",
    "certificate": "requested issued",
    "code": "issued sent delivered undelivered refused accepted expired locked",
    "complaint": "received",
    "consent": "shown checked unchecked",
    "delivery": "shown sent bounced",
    "document": "added repaired frozen presented read downloaded",
    "dossier": "sealed downloaded",
    "envelope": "created closed",
    "extrinsic": "added",
    "key": "created used destroyed",
    "link": "sent accepted bounced fetched",
    "login": "asserted",
    "page": "served read",
    "path": "armed",
    "personal_data": "erased",
    "refusal": "clicked",
    "revocation": "collected",
    "session": "opened resumed expired",
    "sign": "enabled clicked",
    "signature": "made verified",
    "signer": "declared",
    "timestamp": "obtained failed",
}


def test_every_kind_of_the_specification_is_there() -> None:
    """evidence.md, "Kinds, in path order": all of them, each with its words (the tests above)."""
    kinds = {f"{of}.{each}" for of, said in NAMED_BY_THE_SPECIFICATION.items() for each in said.split()}
    assert kinds <= set(events.KINDS)
    for kind in kinds:
        frozen = events.KINDS[kind].model_config
        assert (frozen["frozen"], frozen["strict"], frozen["extra"]) == (True, True, "forbid")
