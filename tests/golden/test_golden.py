"""The golden dossier: made again with fixed clock, chance and keys, it is the one that is kept, word for word.

What changes in it is a change of what courts read, so it is looked at in review: `python -m tests.golden --write` keeps
the new one. The comparison tells facts before values: a fact that changes moves the digests of all that follows it.
"""

import difflib
import os
import re
import shutil
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.golden import WRITE, made, pictures

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).parent / "kept"
NAMES = ("dossier.xml", "dossier.txt", "attestation.txt", "container.txt")
VALUE = re.compile(r"[0-9A-Za-z+/=]{40,}|\b(?:[0-9a-f]{4} ){4,}[0-9a-f]{1,4}\b|\b[0-9a-f]{16,}\b")


@pytest.fixture(scope="module")
def golden(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> made.Golden:
    with django_db_blocker.unblock(), transaction.atomic():
        found = made.golden(tmp_path_factory.mktemp("golden"))
        transaction.set_rollback(True)
    return found


def test_the_dossier_is_the_one_that_is_kept(golden: made.Golden) -> None:
    if os.environ.get(WRITE):
        shutil.rmtree(KEPT, ignore_errors=True)
        KEPT.mkdir()
        for name, text in golden.texts.items():
            (KEPT / name).write_text(text)
        pictures.keep(golden.pdfs)
    assert tuple(sorted(NAMES)) == tuple(sorted(golden.texts)) == tuple(sorted(each.name for each in KEPT.iterdir()))
    for name in NAMES:
        difference = differing((KEPT / name).read_text(), golden.texts[name], name)
        assert not difference, f"{difference}\n\nIf this is meant: python -m tests.golden --write"


def test_every_page_has_its_picture(golden: made.Golden) -> None:
    """docs/dossier.md shows each page, and no other."""
    drawn = [name for begin, pdf in golden.pdfs.items() for name, _ in pictures.drawn(begin, pdf)]
    assert pictures.kept() == sorted(pictures.shown()) == sorted(drawn)
    assert pictures.sizes() == {pictures.SIZE}


def test_facts_are_told_before_values() -> None:
    """A word that changed is shown, and not the digests that follow from it; digests alone are shown as such."""
    digests = ("a" * 64, "b" * 64)
    told = differing(f"Camille\n{digests[0]}\n", f"Camillo\n{digests[1]}\n", "x")
    assert "-Camille" in told
    assert "+Camillo" in told
    assert not any(each in told for each in digests)
    assert digests[1] in differing(f"Camille\n{digests[0]}\n", f"Camille\n{digests[1]}\n", "x")
    assert differing("a  b\n", "a    b\n", "x") == ""


def differing(kept: str, now: str, name: str) -> str:
    """What is to be read of a difference; how many spaces stand between two words is none."""
    for change in (lambda line: VALUE.sub("…", line), lambda line: line):
        before, after = ([change(re.sub(" +", " ", line)) for line in text.splitlines()] for text in (kept, now))
        found = "\n".join(difflib.unified_diff(before, after, f"{name}, kept", f"{name}, now", lineterm="", n=1))
        if found:
            return found
    return ""
