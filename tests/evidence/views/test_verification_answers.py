"""What the page that verifies a signed PDF says: of each answer what it is and why, in words, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from evidence.verify.apart import Limits
from evidence.verify.reasons import SENTENCES
from evidence.verify.verdicts import Verdict
from evidence.views import said, verification
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.files import flipped
from tests.evidence.views.handed_in import hand_in, trust, words
from tests.front.languages import said as words_of
from tests.front.languages import slips
from tests.pdfs import broken, certified, forged, raw, shadow, signed, sound

pytestmark = pytest.mark.usefixtures("house")

GIVEN = (
    *("contrat-1.pdf", "Camille Martin", "Paraphe essais Racine", "Paraphe essais issuing", "Paraphe essais tsa"),
    *("Throwaway", "Paraphe-1-archive", "Paraphe-1"),
)


def altered() -> bytes:
    return flipped(files.once().content, 900)


def shadowed() -> bytes:
    attack = shadow.ATTACKS["replace: the figures of a font"]
    return attack.sprung(files.of(attack.prepared).content)


def test_a_valid_file_is_told_in_words() -> None:
    """Issue: who, when, level, what is trusted and why, whether anything was added, which revision was signed."""
    response = hand_in(files.twice().content)
    page = words(response)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    for expected in (
        "Ce document est signé, et rien n’y a changé depuis.",
        "Signé par Camille Martin, puis par Camille Martin.",
        "Le 23 novembre 2026 à 14:29:03",
        "Prouvée par l’horodatage de la signature, de l’autorité « Paraphe essais tsa ».",
        "PAdES B-LTA : horodatée",
        "qui mène à « Paraphe essais Racine », la racine de ce service.",
        "D’autres signatures ou horodatages, et rien d’autre.",
        "Version 2 sur 5 du fichier",
        "contrat-1.pdf",
    ):
        assert expected in page, expected
    content = response.content.decode()
    assert "<details" in content
    assert ', <b class="nowrap">valable</b>' in content  # no line begins with a mark, none ends with one that hangs


@pytest.mark.parametrize(
    ("language", "told"), [("fr", r"les \d+\u202f\d{3} premiers octets"), ("en", r"the first \d+,\d{3} bytes")]
)
def test_figures_are_grouped_as_each_language_does(language: str, told: str) -> None:
    assert re.search(told, hand_in(files.twice().content, language=language).content.decode())


@pytest.mark.parametrize(
    ("make", "title", "why"),
    [
        (altered, "Ce fichier a été altéré depuis sa signature.", "digest"),
        (shadowed, "Ce fichier n’est plus tel qu’il a été signé.", "modified"),
        (lambda: files.once().content + b"x", "Ce fichier n’est plus tel qu’il a été signé.", "appended"),
        (lambda: forged.built(forged.ODD["one pair"]), "Ce fichier n’est plus tel qu’il a été signé.", "byte_range"),
        (signed.approved, "Ce document est intact ; qui a émis sa signature n’est pas connu ici.", "issuer_unknown"),
        (sound.contract, "Ce PDF ne porte aucune signature.", "no_signature"),
        (broken.renamed_png, "Ce fichier n’a pas pu être vérifié.", "not_pdf"),
        (broken.page_loop, "Ce fichier n’a pas pu être vérifié.", "not_pdf"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_answer_says_what_it_is_and_why(make: Any, title: str, why: str, language: str) -> None:
    """An unreadable file is an answer; "unknown issuer" is told apart from "altered"; in French and in English."""
    response = hand_in(make(), language=language)
    assert response.status_code == 200
    assert not slips(words_of(response.content.decode()), language, given=GIVEN)
    if language == "fr":
        assert title in words(response)
        assert SENTENCES[why] in words(response)


ODD: dict[str, dict[str, Any]] = {
    "no form lists it": {"fields": b""},
    "no strict reading": {"first_free": b"0000000000 65536 f "},
}


@pytest.mark.parametrize("layout", ODD)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_of_a_signature_that_is_not_judged_whole_is_told_what_is_known(layout: str, language: str) -> None:
    """Issue: who, when, which revision; it is intact, and its certificate was read."""
    response = hand_in(forged.built(**ODD[layout]), language=language)
    page = words(response)
    if language == "fr":
        assert "Certificat émis par « Throwaway », que rien ne rattache à une racine admise ici." in page
        assert "Le 1er janvier 2026" in page
        assert re.search(r"Tout le fichier : ses [0-9 ]+ octets, sauf la signature", page)
    assert not slips(words_of(response.content.decode()), language, given=GIVEN)
    for never in (
        "n’a pas pu être lu",
        "ne dit pas quand",
        "n’a pas pu être retrouvée",
        "illisible",
        "could not be read",
    ):
        assert never not in page


def retold() -> bytes:
    """Signed, and then given another title, which no page shows."""
    return shadow.retold(files.of(raw.write(raw.one_page())).content)


@pytest.mark.parametrize(
    ("language", "title", "lead", "never"),
    [
        (
            "fr",
            "Ce document est signé. Depuis, ses pages n’ont pas changé ; les informations du fichier, si.",
            "ont changé après. Signé par Camille Martin.",
            "rien n’y a changé",
        ),
        (
            "en",
            "This document is signed. Its pages have not changed since; the information about the file has.",
            "have changed since. Signed by Camille Martin.",
            "nothing has changed",
        ),
    ],
)
def test_of_a_file_that_says_something_else_of_itself_it_is_not_said_that_nothing_changed(
    language: str, title: str, lead: str, never: str
) -> None:
    """Its pages are what was signed, and it is valid; its title is another."""
    response = hand_in(retold(), language=language)
    page = words(response)
    assert title in page
    assert lead in page
    assert never not in page.lower()
    assert not slips(words_of(response.content.decode()), language, given=GIVEN)


@pytest.mark.parametrize(
    ("language", "lead", "never"),
    [
        ("fr", "Les pages n’ont pas changé depuis la signature ; le titre", "rien n’a changé"),
        ("en", "The pages have not changed since the signature; the title", "nothing has changed"),
    ],
)
@pytest.mark.parametrize("missing", ["root", "proof"])
def test_nor_of_one_that_is_not_confirmed(
    missing: str, language: str, lead: str, never: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = retold()
    if missing == "root":
        trust(settings, authority.pki(authority.AT + timedelta(days=1)).root.certificate)
    else:  # its time-stamping authority has run out
        monkeypatch.setattr(timezone, "now", lambda: authority.AT + timedelta(days=1100))
    page = words(hand_in(content, language=language))
    assert lead in page
    assert never not in page.lower()


@pytest.mark.parametrize(
    ("language", "lead", "never"),
    [
        ("fr", "seul le formulaire a été rempli, comme il le permettait, puis signé.", "rien n’a changé"),
        ("en", "only the form was filled in, as the author permitted, and then signed.", "nothing has changed"),
    ],
)
def test_nor_of_a_form_that_was_filled_in_as_its_author_permitted(language: str, lead: str, never: str) -> None:
    content = signed.sign(certified.filled(certified.form()), field="Other")
    response = hand_in(content, language=language)
    page = words(response)
    assert lead in page
    assert never not in page.lower()
    assert not slips(words_of(response.content.decode()), language, given=GIVEN)


def test_nor_of_one_that_is_valid() -> None:
    told = {"retold": True, "completed": True}
    assert said.title(Verdict.VALID, (), **told) == said.COMPLETED
    assert said.lead(Verdict.VALID, (), **told) == said.COMPLETED_LEADS[Verdict.VALID]


def test_an_empty_file_is_an_answer() -> None:
    assert "Le fichier est vide." in words(hand_in(b""))


def test_names_cannot_move_the_words_around_them() -> None:
    """A name of a file, and of a certificate, is text: neither markup nor an order to write from the right."""
    hostile = "\u202egpj.<script>alert(1)</script>"
    page = hand_in(files.named("Zoé <b>", "Lèvre").content, name=f"{hostile}.pdf").content.decode()
    assert "\u202e" not in page
    assert "<script>" not in page  # ours have an address
    assert "Zoé &lt;b&gt; Lèvre" in page


def test_a_file_that_takes_too_long_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "LIMITS", Limits(wall_seconds=0.001))
    response = hand_in(files.once().content)
    assert response.status_code == 200
    assert SENTENCES["too_complex"] in words(response)


def test_there_are_words_for_everything_a_report_can_say() -> None:
    assert set(said.TITLES) == set(said.LEADS) == set(Verdict)
    assert set(said.STATES) == set(Verdict) - {Verdict.UNSIGNED, Verdict.UNREADABLE}
    told = (*said.TITLES.values(), *said.LEADS.values(), said.RETOLD, *said.RETOLD_LEADS.values())
    told += (said.COMPLETED, *said.COMPLETED_LEADS.values())
    assert all(sentence.endswith(".") for sentence in told)


def test_a_claimed_time_is_told_as_claimed() -> None:
    page = words(hand_in(signed.approved()))
    assert "déclarée" in page
    assert "aucun horodatage admis ici ne la prouve" in page
