"""French as the dossier prints it."""

from datetime import UTC, datetime

import pytest

from evidence.dossier import french, signs

GAP = signs.NO_BREAK


@pytest.mark.parametrize(("n", "said"), [(0, "zéro"), (1, "une"), (2, "deux"), (16, "seize"), (1234, f"1{GAP}234")])
def test_numbers(n: int, said: str) -> None:
    assert french.number(n, feminine=True) == said


def test_elision() -> None:
    assert french.of("Exemple SA") == "d’Exemple SA"
    assert french.of("Œuvres & Cie") == "d’Œuvres & Cie"
    assert french.of("Camille") == "de Camille"
    assert french.of("") == "de "


def test_ranges_name_every_number() -> None:
    assert french.ranges([4, 6, 38, 39, 40, 44, 45]) == f"4, 6, 38{GAP}à{GAP}40, 44, 45"
    assert french.ranges([]) == ""


def test_moments() -> None:
    at = signs.at("2027-05-01T12:05:09.000Z", "Europe/Paris")

    assert at == datetime(2027, 5, 1, 12, 5, 9, tzinfo=UTC)
    assert french.day(at) == f"1er{GAP}mai{GAP}2027"
    assert signs.clock(at) == "14:05:09"
    assert french.hour(at) == f"à{GAP}14{GAP}h{GAP}05"
    assert french.hour(at, dated=True) == f"le{GAP}1er{GAP}mai{GAP}2027 à{GAP}14{GAP}h{GAP}05"
    assert signs.city("America/New_York") == "New York"


def test_lists_and_ordinals() -> None:
    assert french.listed(["a"]) == "a"
    assert french.listed(["a", "b", "c"]) == "a, b et c"
    assert french.listed([]) == ""
    assert french.ordinal(2) == "deuxième"
    assert french.ordinal(12) == "12e"


def test_spaces_before_high_marks_do_not_break_and_exact_words_are_left_alone() -> None:
    html = "<p>Oui : « x » ?</p><blockquote>Oui : « x »</blockquote><pre>a : b</pre><p>n° 1</p>"

    spaced = french.spaced(html)

    assert spaced == (
        f"<p>Oui{GAP}: «{GAP}x{GAP}»{GAP}?</p><blockquote>Oui : « x »</blockquote><pre>a : b</pre><p>n°{GAP}1</p>"
    )


def test_what_is_one_word_stays_on_one_line() -> None:
    def whole(text: str) -> str:
        return f'<span class="whole">{text}</span>'

    assert french.spaced("<p>par e-mail</p>") == f"<p>par {whole('e-mail')}</p>"
    assert french.spaced("au 01 23 45 67 89.") == f"au {whole('01 23 45 67 89')}."
    assert french.spaced("Paraphe 0.1.0.") == f"{whole('Paraphe 0.1.0')}."
    assert french.spaced('<a title="e-mail">1 usage, 2 pages</a>') == f'<a title="e-mail">1{GAP}usage, 2{GAP}pages</a>'
    assert french.spaced("1197 5811 28f3") == "1197 5811 28f3"
    assert french.spaced("niveau B-LTA.") == f"niveau {whole('B-LTA')}."


def test_a_text_that_is_no_html_gets_spaces_and_nothing_else() -> None:
    assert french.plain("Charte e-mail : <2 pages>") == f"Charte e-mail{GAP}: <2{GAP}pages>"
