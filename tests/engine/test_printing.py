"""Annotations that screen and paper show differently: refused where they hide a part of the page, else told."""

from __future__ import annotations

from pathlib import Path

import pytest

from signing.engine.refusals import Label
from tests.engine.test_intake import look_at
from tests.pdfs import active, shown


@pytest.mark.parametrize("kind", shown.COVERING)
def test_what_hides_a_part_of_the_page_on_the_screen_alone_is_refused(kind: str, tmp_path: Path) -> None:
    """reliability.md, Threats: active or deceptive PDF; who signs reads the screen, who judges may read the paper."""
    assert look_at(shown.COVERING[kind](), tmp_path).get("refused") == Label.UNPRINTED_COVER


@pytest.mark.parametrize("kind", shown.UNPRINTED)
def test_ordinary_annotations_that_are_not_printed_are_taken_and_told(kind: str, tmp_path: Path) -> None:
    """Issue: sound files are taken as they are; programs often leave the flag Print out."""
    checks = look_at(shown.UNPRINTED[kind](), tmp_path).get("checks")
    assert isinstance(checks, tuple), checks
    assert checks[:2] == ("strict", "unprinted:1")


@pytest.mark.parametrize("kind", shown.ALIKE)
def test_what_screen_and_paper_show_alike_is_taken_without_a_word(kind: str, tmp_path: Path) -> None:
    verdict = look_at(shown.ALIKE[kind](), tmp_path)
    assert verdict.get("checks") == ("strict",), verdict


def test_what_is_on_paper_alone_is_refused_as_ever(tmp_path: Path) -> None:
    assert look_at(active.annotation_for_print_only(), tmp_path).get("refused") == Label.HIDDEN_CONTENT
    link = shown.annotated(b"/Subtype /Link /F 36 /Border [0 0 300]")
    assert look_at(link, tmp_path).get("refused") == Label.HIDDEN_CONTENT
