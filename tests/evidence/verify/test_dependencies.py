"""What objects lead to is followed once, comes out as pyHanko finds it, and is gone with the file."""

from __future__ import annotations

import gc
import io
import weakref
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import policies

from evidence.verify import dependencies, report
from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files
from tests.evidence.verify.test_report import examine, quiet

__all__ = ["quiet"]  # a fixture

SINCE = range(1, 9)


def read(signers: int) -> Any:
    return PdfFileReader(io.BytesIO(files.many(signers).content), strict=True)


def followed(folder: Path, signers: int) -> Counter[str]:
    """How often something is followed by pyHanko itself, and revisions are searched for what nothing refers to."""
    done: Counter[str] = Counter()
    collect: Any = HistoricalResolver.collect_dependencies
    find: Any = policies._find_orphans

    def collecting(self: Any, *asked: Any) -> Any:
        done["collect"] += 1
        return collect.__wrapped__(self, *asked)

    def finding(revision: Any) -> Any:
        done["find"] += 1
        return find(revision)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HistoricalResolver, "collect_dependencies", dependencies._followed_once(collecting))
        patch.setattr(dependencies, "_find_orphans", finding)
        assert examine(folder, files.many(signers).content).verdict is Verdict.VALID
    return done


def test_it_grows_with_the_square_of_the_signers_at_most(tmp_path: Path) -> None:
    """Each pair of revisions asks it of each field: the cube."""
    few, many = followed(tmp_path, 3), followed(tmp_path, 9)
    assert many["collect"] <= 9 * few["collect"]
    assert many["find"] <= 3.5 * few["find"]


def test_what_is_kept_is_what_is_found_anew() -> None:
    """Of every field, from every revision on, in any order."""
    dependencies.follow_once()
    reader, again = read(3), read(3)
    kept, anew = (each.get_historical_resolver(each.xrefs.total_revisions - 1) for each in (reader, again))
    collect: Any = HistoricalResolver.collect_dependencies
    fields = range(len(kept.root["/AcroForm"]["/Fields"]))
    for since in (*SINCE, *reversed(SINCE), None):
        for number in fields:
            one, other = (each.root["/AcroForm"]["/Fields"].raw_get(number) for each in (kept, anew))
            expected = collect.__wrapped__(anew, other, since)
            assert collect(kept, one, since) == expected
            drawn, same = (each.get_object().raw_get("/AP") for each in (one, other))
            assert collect(kept, drawn, since) == collect.__wrapped__(anew, same, since)
    for revision in range(1, reader.xrefs.total_revisions):
        find: Any = policies._find_orphans
        assert dependencies.orphans(reader.get_historical_resolver(revision)) == find(
            again.get_historical_resolver(revision)
        )


def test_nothing_of_a_file_is_kept_for_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[weakref.ref[Any]] = []

    def opening(*asked: Any, **named: Any) -> Any:
        reader = PdfFileReader(*asked, **named)
        opened.append(weakref.ref(reader))
        return reader

    monkeypatch.setattr(report, "PdfFileReader", opening)
    assert examine(tmp_path, files.twice().content).verdict is Verdict.VALID
    gc.collect()
    (reader,) = opened
    assert reader() is None
