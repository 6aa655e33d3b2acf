"""What later signatures may draw over a page: each of them, and all together."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.verify.areas import NOWHERE, Rect, area, inside, rect_of, union
from evidence.verify.verdicts import Verdict
from signing.engine.levels import Level
from signing.engine.lines import Line
from signing.engine.overlay import Overlay
from signing.engine.pictures import Picture
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import raw, sneaky, sound

__all__ = ["quiet"]  # a fixture


def sized(boxes: bytes) -> bytes:
    """A page with these boxes."""
    objects = raw.one_page()
    objects[3] = re.sub(rb"/MediaBox \[[^]]*\]", boxes, objects[3])
    return files.of(raw.write(objects)).content


ATTACKS: dict[str, Callable[[bytes], bytes]] = {
    "many small ones of one person": partial(sneaky.by_tiles, count=10, same=True),
    "small ones of others all over the page": partial(sneaky.by_tiles, count=22, same=False),
    "one field of many small pieces": sneaky.by_pieces,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_small_signatures_that_hide_the_page_together_are_a_change(name: str, tmp_path: Path) -> None:
    """Each is as small as a stamp."""
    found = examine(tmp_path, ATTACKS[name](files.once().content))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["covered"])
    assert (found.signatures[0].integrity, found.signatures[0].changes) == ("intact", "covered")


def test_a_time_stamp_whose_rectangle_pyhanko_does_not_read_is_a_change(tmp_path: Path) -> None:
    """Five numbers: of no area for pyHanko, and the first four for others; what it draws was in the file before."""
    look = raw.stream(b"1 g 0 0 595 842 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    before = files.of(raw.write(raw.one_page(more={6: look}))).content
    found = examine(tmp_path, sneaky.by_odd_time_stamp(before, authority.pki().stamper(), look=6))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


def test_twenty_signers_of_ours_are_not_called_an_alteration_with_their_root_or_without(tmp_path: Path) -> None:
    content = files.stacked(20).content
    found = examine(tmp_path, content)
    assert (found.verdict, set(codes(found))) == (Verdict.UNTRUSTED, {"not_proven"})  # without a time stamp
    assert {each.changes for each in found.signatures} == {"signatures", "none"}
    found = examine(tmp_path, content, roots=[])
    assert (found.verdict, set(codes(found))) == (Verdict.UNTRUSTED, {"issuer_unknown"})


def test_images_of_six_signers_are_not_called_an_alteration(tmp_path: Path) -> None:
    """certsign-api.md, signatureImageContent: as large in points as in pixels; one above the other and beside it."""
    found, picture = files.of(sound.contract(1)), Picture(300, 100, 1, "/FlateDecode", zlib.compress(bytes(30_000)))
    for number in range(1, 6):
        means: dict[str, Any] = {"stamp": Overlay(picture, (), slot=number), "level": Level.B}
        found = files._sign(found.content, found.presented, f"Paraphe-{number + 1}", **means)
    assert {each.changes for each in examine(tmp_path, found.content).signatures} == {"signatures", "none"}


@pytest.mark.parametrize("place", [{}, {"page": 1, "x": 0, "y": 0}])
def test_a_later_image_as_large_as_the_page_leaves_what_was_signed_to_be_seen(
    place: dict[str, Any], tmp_path: Path
) -> None:
    """It is made smaller: nobody would take the file for the one that the first of them signed."""
    one, picture = files.once(), Picture(1200, 1600, 1, "/FlateDecode", zlib.compress(bytes(1200 * 1600)))
    for visible in (
        Overlay(picture, (), **place),
        Overlay(None, (Line("Lu"), Line("et approuvé", x=560, y=800)), **place),
    ):
        made = files._sign(one.content, one.presented, "Paraphe-2", stamp=visible)
        found = examine(tmp_path, made.content)
        assert (found.verdict, found.signatures[0].changes) == (Verdict.VALID, "signatures")


@pytest.mark.parametrize(("count", "same"), [(12, False), (4, True)])
def test_small_signatures_of_others_are_not_called_an_alteration(
    count: int,
    same: bool,  # noqa: FBT001 - a parameter of a test
    tmp_path: Path,
) -> None:
    """A dozen people, and one who signs in four places."""
    found = examine(tmp_path, sneaky.by_tiles(files.once().content, count, same=same))
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])


def test_what_is_shown_of_a_page_counts_and_not_what_is_cut_away(tmp_path: Path) -> None:
    before = sized(b"/MediaBox [0 0 2000 2000] /CropBox [0 0 595 842]")
    assert codes(examine(tmp_path, sneaky.by_signature(before))) == ["covered"]


def test_a_stamp_on_a_page_no_larger_than_a_card_is_none(tmp_path: Path) -> None:
    before = sized(b"/MediaBox [0 0 240 150]")
    found = examine(tmp_path, sneaky.by_signature(before, box=(20, 40, 220, 110)))
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])


SMALL_PAGES = {
    "a page of large units": (b"/MediaBox [0 0 59.5 84.2] /UserUnit 10", (0, 0, 59, 84)),
    "a page of large units, half of it": (b"/MediaBox [0 0 59.5 84.2] /UserUnit 10", (0, 42, 59, 84)),
    "a label": (b"/MediaBox [0 0 150 100]", (0, 0, 150, 100)),
    "a label whose units are said to be small": (b"/MediaBox [0 0 150 100] /UserUnit 0.01", (0, 0, 150, 100)),
    "a label, most of it": (b"/MediaBox [0 0 150 100] /UserUnit (a)", (0, 40, 150, 100)),
}


@pytest.mark.parametrize("name", SMALL_PAGES)
def test_a_signature_that_hides_a_small_page_is_a_change(name: str, tmp_path: Path) -> None:
    """ISO 32000-2, 14.11.2: a unit may be larger than a point; what is small elsewhere is all of a label."""
    boxes, box = SMALL_PAGES[name]
    found = examine(tmp_path, sneaky.by_signature(sized(boxes), box=box))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["covered"])


@pytest.mark.parametrize("small", [b"/MediaBox [0 0 59.5 84.2] /UserUnit 10", b"/MediaBox [0 0 60 40]"])
def test_a_stamp_is_measured_by_the_page_it_is_on(small: bytes, tmp_path: Path) -> None:
    """It may be larger than another page of the file."""
    objects = raw.one_page(more={6: b"<< /Type /Page /Parent 2 0 R /Resources << >> %s >>" % small})
    objects[2] = b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>"
    found = examine(tmp_path, sneaky.by_signature(files.of(raw.write(objects)).content, box=(20, 40, 220, 110)))
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])


@pytest.mark.parametrize("box", [b"", b"/MediaBox [0 0 0 0]", b"/MediaBox [0 0]"])
def test_a_page_without_a_box_of_its_own_is_one_of_letter_size(box: bytes, tmp_path: Path) -> None:
    before = sized(box)
    assert examine(tmp_path, before).verdict is Verdict.VALID
    assert codes(examine(tmp_path, sneaky.by_signature(before))) == ["covered"]


RECTS = st.lists(st.tuples(*[st.integers(0, 12)] * 4).map(rect_of), max_size=6)


@given(RECTS)
def test_what_rectangles_cover_together_is_counted_once(rects: list[Rect]) -> None:
    covered = {
        (x, y)
        for left, low, right, high in rects
        for x in range(int(left), int(right))
        for y in range(int(low), int(high))
    }
    assert union(rects) == len(covered)


def test_a_rectangle_names_any_two_corners_and_odd_ones_are_nowhere() -> None:
    assert rect_of([10, 20, 0, 5]) == (0, 5, 10, 20)
    assert rect_of([0, 0, 5, 5, 9]) == (0, 0, 5, 5)
    assert [rect_of(odd) for odd in (None, [], [1, 2, 3], ["a", 0, 0, 1], 7)] == [NOWHERE] * 5
    assert area(inside((0, 0, 4, 4), (2, 2, 9, 9))) == 4
    assert inside((0, 0, 1, 1), (2, 2, 3, 3)) == NOWHERE
