"""The catalogues of translations: whole, compiled as they stand, and saying the same in both languages.

Issue "The house holds", 6: English beside French, everywhere people read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import messages
from config.messages import CATALOGUES, HEADER, Catalogue, compiled, complaints, read, taken

TAG = re.compile(r"</?[a-z][^>]*>")
FILLED_IN = re.compile(r"%\(\w+\)s|\{\w*\}")


def named(catalogue: Catalogue) -> str:
    return catalogue.app


def pairs(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Every text and its English; of a text for one and for many, both are held to the text for one."""
    for key, english in read(catalogue.mo.read_bytes()).items():
        french = key[0] if isinstance(key, tuple) else str(key)
        if french:
            yield str(french), english


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=named)
def test_every_text_of_the_sources_has_its_english(catalogue: Catalogue) -> None:
    """Nothing new, nothing gone, nothing untranslated or fuzzy; django.mo is what django.po compiles to."""
    assert list(complaints(catalogue)) == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=named)
def test_what_is_written_holds_no_places_and_no_dates(catalogue: Catalogue) -> None:
    """Two people who translate at once change the same lines only where they translate the same text."""
    held = catalogue.po.read_text()
    assert taken(catalogue) == held
    assert held.startswith(HEADER)
    assert "\n#:" not in held


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=named)
def test_tags_and_what_is_filled_in_are_the_same_in_both(catalogue: Catalogue) -> None:
    """A number written out in one language only may be missing in the text for one."""
    wrong = []
    for french, english in pairs(catalogue):
        if set(TAG.findall(french)) != set(TAG.findall(english)):
            wrong.append(english)
        if not set(FILLED_IN.findall(french)) <= set(FILLED_IN.findall(english)):
            wrong.append(english)
        if "[" in french and french.count("]") < english.count("]"):
            wrong.append(english)
    assert not wrong


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=named)
def test_english_is_typeset_as_english(catalogue: Catalogue) -> None:
    """No blank before a colon, no guillemets, curly apostrophes."""
    for _, english in pairs(catalogue):
        bare = TAG.sub("", english)
        assert not re.search(r"[\s\u00a0](?:[:;?!])(?:\s|$)|&nbsp;[:;?!]|[«»]", bare), english
        assert not re.search(r"[A-Za-z]'[A-Za-z]", bare), english


def a_catalogue(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """A small application of its own, with one translated text."""
    monkeypatch.setattr(messages, "ROOT", folder)
    catalogue = Catalogue("app", ("app", "pages"), ("pages/others",))
    catalogue.po.parent.mkdir(parents=True)
    (folder / "pages" / "others").mkdir(parents=True)
    (folder / "pages" / "others" / "else.html").write_text('{% load i18n %}{% translate "Ailleurs" %}')
    (folder / "pages" / "page.html").write_text('{% load i18n %}{% translate "Une page" %}')
    (folder / "app" / "words.py").write_text('from django.utils.translation import gettext as _\nWORD = _("Été")\n')
    catalogue.po.write_text(f'{HEADER}\nmsgid "Une page"\nmsgstr "A page"\n\nmsgid "Été"\nmsgstr "Summer"\n')
    catalogue.mo.write_bytes(compiled(catalogue.po.read_text()))
    return catalogue


def test_a_whole_catalogue_is_left_in_peace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(complaints(a_catalogue(tmp_path, monkeypatch))) == []


def test_a_new_text_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = a_catalogue(tmp_path, monkeypatch)
    (tmp_path / "pages" / "new.html").write_text(
        "{% load i18n %}{% blocktranslate %}Reçu par {{ name }}{% endblocktranslate %}"
    )
    assert [each for each in complaints(catalogue) if "have changed" in each]
    catalogue.po.write_text(taken(catalogue))
    assert [each for each in complaints(catalogue) if 'not translated: "Reçu par %(name)s"' in each]


def test_a_stale_compilation_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = a_catalogue(tmp_path, monkeypatch)
    catalogue.po.write_text(catalogue.po.read_text().replace("Summer", "The summer"))
    assert [each for each in complaints(catalogue) if "django.mo" in each]


def test_a_guess_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = a_catalogue(tmp_path, monkeypatch)
    catalogue.po.write_text(catalogue.po.read_text().replace('msgid "Une page"', '#, fuzzy\nmsgid "Une page"'))
    assert [each for each in complaints(catalogue) if "fuzzy" in each]


def test_a_lost_placeholder_does_not_compile() -> None:
    with pytest.raises(RuntimeError, match="name"):
        compiled(f'{HEADER}\n#, python-format\nmsgid "De %(name)s"\nmsgstr "From them"\n')


def test_the_command_writes_and_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = a_catalogue(tmp_path, monkeypatch)
    monkeypatch.setattr(messages, "CATALOGUES", (catalogue,))
    (tmp_path / "app" / "words.py").unlink()
    assert messages.main(["--check"]) == 1
    assert messages.main(["otherapp"]) == 0
    assert messages.main([]) == 0
    assert "Summer" not in catalogue.po.read_text()
    assert "run make messages" in capsys.readouterr().err
