"""What stands in the way of a verification is not held against the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.verify import report
from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files
from tests.evidence.verify.files import flipped
from tests.evidence.verify.test_report import codes, examine
from tests.pdfs import shadow


@pytest.mark.parametrize(
    ("given_name", "surname", "who"),
    [
        ("Zoé 😀", "Lèvre🎉", "Zoé Lèvre"),
        ("דוד", "Martin", "דוד Martin"),
        ("ⵣⵉⵔⵉ", "", "ⵣⵉⵔⵉ"),
    ],
)
def test_no_name_stands_in_the_way_of_a_valid_file(given_name: str, surname: str, who: str, tmp_path: Path) -> None:
    """RFC 4518, 2.4 cannot prepare code points later than Unicode 3.2, nor mixed directions."""
    found = examine(tmp_path, files.named(given_name, surname).content)
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])
    assert found.signatures[0].who == who


def test_a_failure_of_ours_is_not_called_broken_integrity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said against a file that was not examined; nor anything for it."""

    def failing(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(report, "judge", failing)
    found = examine(tmp_path, files.once().content)
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["not_examined"])
    assert {each.integrity for each in found.signatures} == {"unknown"}
    altered = examine(tmp_path, flipped(files.once().content, 900))
    assert altered.verdict in {Verdict.CHANGED, Verdict.INVALID}


def test_a_failure_of_ours_does_not_hide_what_was_altered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A revision that makes a library fail must not get by as "not examined": what followed is judged by itself."""

    def failing(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(report, "judge", failing)
    attack = shadow.ATTACKS["replace: the figures of a font"]
    sprung = attack.sprung(files.of(attack.prepared).content)
    found = examine(tmp_path, sprung)
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])
    monkeypatch.setattr(report, "Modified", failing)
    found = examine(tmp_path, sprung)
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["structure"])
