"""Page geometry: what a stamp's author and a viewer's placeholder rely on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from signing.engine.pages import LETTER, PageBox, Rect, page_box, page_boxes, place
from tests.pdfs import pages as made

STAMP = (200.0, 70.0)
lengths = st.floats(min_value=1, max_value=20_000)
origins = st.floats(min_value=-10_000, max_value=10_000)


@st.composite
def boxes(draw: st.DrawFn) -> PageBox:
    left, bottom = draw(origins), draw(origins)
    return PageBox(
        crop=(left, bottom, left + draw(lengths), bottom + draw(lengths)),
        rotate=draw(st.sampled_from([0, 90, 180, 270])),
        user_unit=draw(st.floats(min_value=0.1, max_value=100)),
    )


def displayed(box: PageBox, x: float, y: float) -> tuple[float, float]:
    """The inverse of `to_user_space`, worked out apart from it: a point of user space as a person sees it."""
    wide, high = (box.width, box.height) if box.rotate in (0, 180) else (box.height, box.width)
    across, up = (x - box.crop[0]) * box.user_unit, (y - box.crop[1]) * box.user_unit
    turned = {0: (across, up), 90: (up, wide - across), 180: (wide - across, high - up), 270: (high - up, across)}
    return turned[box.rotate]


def shown(box: PageBox, rect: Rect) -> Rect:
    """A rectangle of user space as a person sees it."""
    (ax, ay), (bx, by) = displayed(box, rect[0], rect[1]), displayed(box, rect[2], rect[3])
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def near(a: float, b: float, box: PageBox) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, box.width, box.height, *(abs(v) * box.user_unit for v in box.crop))


@given(boxes(), st.floats(0, 1), st.floats(0, 1))
def test_a_point_comes_back_from_user_space(box: PageBox, across: float, up: float) -> None:
    """signing-engine.md, Traps 6: CropBox origin, Rotate and UserUnit."""
    x, y = displayed(box, *box.to_user_space(across * box.width, up * box.height))
    assert near(x, across * box.width, box)
    assert near(y, up * box.height, box)


@given(boxes(), st.none() | origins, st.none() | origins, st.integers(0, 500))
def test_a_stamp_lies_on_the_page_wherever_it_is_wished(
    box: PageBox, x: float | None, y: float | None, slot: int
) -> None:
    """signing-engine.md, Traps 6: clamp to the page."""
    placed = place(box, *STAMP, x=x, y=y, slot=slot)
    assert box.crop[0] <= placed.rect[0] <= placed.rect[2] <= box.crop[2]
    assert box.crop[1] <= placed.rect[1] <= placed.rect[3] <= box.crop[3]
    assert 0 < placed.scale <= 1
    left, bottom, right, top = shown(box, placed.rect)
    assert near(right - left, STAMP[0] * placed.scale, box)
    assert near(top - bottom, STAMP[1] * placed.scale, box)


@given(boxes(), st.floats(0, 1), st.floats(0, 1))
def test_a_stamp_is_where_it_was_wished_when_it_fits(box: PageBox, across: float, up: float) -> None:
    """signing-engine.md, Traps 6."""
    width, height = box.width / 4, box.height / 4
    x, y = across * box.width * 0.75, up * box.height * 0.75
    placed = place(box, width, height, x=x, y=y)
    left, bottom, _, _ = shown(box, placed.rect)
    assert near(left, x, box)
    assert near(bottom, y, box)
    assert placed.scale == 1


@given(boxes())
def test_the_appearance_is_turned_with_the_page(box: PageBox) -> None:
    """ISO 32000-2, 12.5.5: the text's direction in user space, seen on the page, runs to the right."""
    a, b, *_ = place(box, *STAMP).matrix
    origin, along = displayed(box, 0, 0), displayed(box, a, b)
    assert along[0] > origin[0]
    assert near(along[1], origin[1], box)


def test_slots_go_up_from_the_bottom_right_and_do_not_touch() -> None:
    """DESIGN.md, envelopes with several signers: each stamp has a place of its own."""
    box = page_box((0, 0, 595, 842))
    rects = [place(box, *STAMP, slot=n).rect for n in range(16)]
    assert rects[0] == (371, 24, 571, 94)
    assert rects[1] == (371, 100, 571, 170)
    assert rects[10][2] < rects[0][0]
    apart = [a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for a in rects for b in rects if a != b]
    assert all(apart)


def test_a_full_page_of_slots_starts_over() -> None:
    """Never outside the page, however many sign."""
    box = page_box((0, 0, 595, 842))
    assert place(box, *STAMP, slot=20).rect == place(box, *STAMP, slot=0).rect


def test_a_stamp_is_shrunk_on_a_small_page() -> None:
    """signing-engine.md, Traps 6."""
    placed = place(page_box((0, 0, 100, 50)), *STAMP)
    assert placed.scale < 0.5
    assert placed.rect[2] <= 100


def test_a_user_unit_makes_the_rectangle_smaller() -> None:
    """Sizes are points after UserUnit: 200 displayed points are 100 units of 2."""
    placed = place(page_box((0, 0, 300, 400), user_unit=2), *STAMP)
    assert placed.rect == (300 - 12 - 100, 12, 300 - 12, 12 + 35)


def test_what_is_absent_or_odd_is_read_as_viewers_do() -> None:
    """ISO 32000-2, 7.7.3.3 with the defaults of viewers."""
    assert page_box(None).crop == LETTER
    assert page_box((0, 0, 0, 10)).crop == LETTER
    assert page_box((0, 0, 1)).crop == LETTER
    assert page_box((600, 800, 0, 0)).crop == (0, 0, 600, 800)
    assert page_box((0, 0, 600, 800), (700, 0, 900, 800)).crop == (0, 0, 600, 800)
    assert page_box((0, 0, 600, 800), (-50, 10, 300, 900)).crop == (0, 10, 300, 800)
    assert page_box((0, 0, 600, 800), rotate=-90).rotate == 270
    assert page_box((0, 0, 600, 800), rotate=450).rotate == 90
    assert page_box((0, 0, 600, 800), rotate=45).rotate == 0
    assert page_box((0, 0, 600, 800), user_unit=0).user_unit == 1


def test_boxes_are_inherited_and_user_units_are_not() -> None:
    """ISO 32000-2, 7.7.3.4."""
    with made.nested_page_tree() as pdf:
        first, second, third = page_boxes(pdf)
    assert first == PageBox(crop=(10, 20, 310, 420), rotate=90)
    assert (first.width, first.height) == (400, 300)
    assert second == PageBox(crop=(0, 0, 200, 100), rotate=0, user_unit=3.0)
    assert (second.size.width, second.size.height) == (600, 300)
    assert third.crop == LETTER
