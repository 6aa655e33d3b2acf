"""The command examines a container in a child: a false one ends in time, and memory has a limit."""

import os
from pathlib import Path

import pytest
from django.utils import timezone

from evidence.verify import loop, watched
from evidence.verify.verdicts import Verdict
from tests.evidence import pki
from tests.verification.containers import rewritten

pytestmark = pytest.mark.django_db  # the containers that all look at are made with a database


def without_end(_loop: object) -> None:
    while True:
        pass


def without_measure(_loop: object) -> None:
    bytearray(watched.MOST_MEMORY)


def examined(file: Path) -> loop.ContainerReport:
    return watched.examine(file, roots=[pki.root()], at=timezone.now())


def test_it_says_what_the_loop_says(two: tuple[Path, Path]) -> None:
    at = timezone.now()
    for file in (two[0], rewritten(two[0], {"more.txt": b"more"}), two[0].parent / "none.asice"):
        roots = [pki.root()]
        assert watched.examine(file, roots=roots, at=at) == loop.examine(file, roots=roots, at=at)


def test_a_false_one_ends_whatever_its_parsers_do(two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "MOST_SECONDS", 0.05)
    monkeypatch.setattr(loop._Loop, "_seal", without_end)
    said = examined(rewritten(two[0], {"more.txt": b"more"}))
    told = [(each.name, each.code) for each in said.claims]
    assert told == [("form", ""), ("digests", "extra_file"), ("unexamined", "unexamined")]
    assert (said.verdict, said.claims[-1].reason) == (
        Verdict.INVALID,
        "Le reste n’est pas examiné : il demande trop de calcul ou de mémoire.",
    )


@pytest.mark.parametrize(
    ("step", "verdict"), [("_xml_seal", Verdict.INVALID), ("_form", Verdict.UNREADABLE)], ids=["xml", "form"]
)
def test_memory_has_a_limit(
    step: str, verdict: Verdict, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop._Loop, step, without_measure)
    said = examined(two[0])
    assert said.verdict is verdict
    assert "MemoryError" in next(each.reason for each in said.claims if each.code)


def test_one_whose_child_is_gone_is_unreadable(two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop._Loop, "_form", lambda _loop: os._exit(1))
    said = examined(two[0])
    assert (said.verdict, [each.name for each in said.claims]) == (Verdict.UNREADABLE, ["unexamined"])
