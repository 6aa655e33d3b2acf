"""What a visible signature does on a page that is small, or far from where it was asked for: it is moved, and read.

Looked at in the sheets of `preview`, which signed files share their placing and drawing with.
"""

import io
import re

import pikepdf
import pytest

from signing.engine import marks, pages, preview
from signing.engine.appearance import Visible
from signing.engine.lines import Line
from signing.engine.overlay import Overlay
from signing.engine.pictures import Picture
from tests.engine.authority import stamp

A4 = preview.SHEETS["portrait"]
SMALLEST, LARGEST = 3.0, 7.0


def shown(visible: Visible, sheet: pages.PageBox = A4) -> tuple[pages.Rect, float, str]:
    """The rectangle of its annotation, points on the page to one of its own, and its operators."""
    with pikepdf.open(io.BytesIO(preview.sheet(visible, sheet))) as pdf:
        (annotation,) = pdf.pages[0].obj.Annots
        form = annotation.AP.N
        left, bottom, right, top = (float(each) for each in annotation.Rect)
        box = [float(each) for each in form.BBox]
        return (left, bottom, right, top), (right - left) / (box[2] - box[0]), form.read_bytes().decode("latin-1")


def image(wide: int, high: int) -> Picture:
    return Picture(wide, high, 1, "/FlateDecode", b"")


@pytest.mark.parametrize("corner", [(0, 0), (590, 838), (-500, 5000)])
@pytest.mark.parametrize(
    "lines",
    [
        (Line("Signé par Camille Martin", x=100_000, y=2),),
        (Line("Signé par Camille Martin", x=-100_000, y=100_000),),
        (Line("Signé par Camille Martin", x=580), Line("pour Exemple SA", x=2, y=20)),
        (Line("Signé par Camille Martin", x=100_000, y=-100_000), Line("pour Exemple SA")),
        tuple(Line("Signé par Camille Martin", y=200.0 * n) for n in range(6)),
    ],
    ids=["far right", "far up left", "apart", "far apart", "higher than the page"],
)
@pytest.mark.parametrize("test", [False, True])
def test_lines_far_out_are_moved_onto_the_page_and_keep_their_size(
    lines: tuple[Line, ...], corner: tuple[float, float], *, test: bool
) -> None:
    """certsign-api.md, issue 4: clamped to the page."""
    visible = Overlay(None, lines, x=corner[0], y=corner[1], page=1, test=test)
    (left, bottom, right, top), scale, _ = shown(visible)
    assert scale == pytest.approx(1)
    assert (left, bottom) >= (0, 0)
    assert right <= A4.width + 1e-3
    assert top <= A4.height + 1e-3


def test_lines_that_fit_stay_as_they_were_composed() -> None:
    """One above and right of the other; the box is their extent, at the place that was asked for."""
    lines = (Line("Signé par", x=300, y=40), Line("Camille Martin", x=310, y=28))
    (left, bottom, _, _), scale, _ = shown(Overlay(None, lines, x=100, y=200, page=1))
    assert Overlay(None, lines).fitted(A4.width, A4.height).lines == lines
    assert scale == pytest.approx(1)
    assert (left, bottom) == pytest.approx((100 + 298, 200 + lines[1].extent[1] - 2), abs=0.01)


def test_a_line_longer_than_the_page_is_shrunk_to_it() -> None:
    line = Line("Signé électroniquement par Camille Martin " * 5, x=4000)
    (left, _, right, _), scale, _ = shown(Overlay(None, (line,), x=0, y=0, page=1))
    assert (left, right) == pytest.approx((0, A4.width), abs=0.01)
    assert scale == pytest.approx(A4.width / (line.extent[2] - line.extent[0] + 4), abs=0.001)


@pytest.mark.parametrize(
    ("visible", "points"),
    [
        (Overlay(image(4000, 900), (), x=0, y=0, test=True), LARGEST),
        (Overlay(image(900, 4000), (), test=True), LARGEST),
        (Overlay(image(120, 60), (), test=True), LARGEST),
        (Overlay(image(30, 10), (), test=True), 5.0),
        (Overlay(image(2, 2), (), test=True), SMALLEST),
        (Overlay(image(4000, 2), (), x=0, y=0, test=True), SMALLEST),
        (Overlay(None, (Line("Lu"),), test=True), 5.64),
        (Overlay(None, (Line("Lu", size=3),), test=True), SMALLEST),
        (Overlay(None, (Line("Signé électroniquement par Camille Martin " * 5, size=24),), test=True), 3.15),
        (stamp(test=True), LARGEST),
    ],
    ids=["wide", "high", "usual", "small", "dot", "rule", "line", "small line", "long line", "stamp"],
)
def test_the_mark_of_the_sandbox_can_be_read_whatever_it_is_laid_on(visible: Visible, points: float) -> None:
    """TEST has its size on the page, not in the image, and lies in the box that a reader cuts out."""
    _, scale, operators = shown(visible)
    *_, mark = re.finditer(
        r"q\n0\.70196 0 0\.10588 rg\n(\S+) (\S+) (\S+) (\S+) re f\n1 g\nBT\n0 Tc\n/\S+ (\S+) Tf", operators
    )
    x, y, wide, high, size = (float(each) for each in mark.groups())
    left, bottom, right, top = fitted(visible).box
    assert size * scale == pytest.approx(points, abs=0.2)
    assert left <= x
    assert bottom <= y
    assert x + wide <= right
    assert y + high <= top


def fitted(visible: Visible) -> Visible:
    return visible.fitted(*pages.room(A4, placed=visible.x is not None))


def test_a_mark_beside_lines_is_beside_them() -> None:
    """Also where they are shrunk: the room that is kept for it is as large as it is."""
    line = Line("Signé électroniquement par Camille Martin " * 5, size=24)
    made = fitted(Overlay(None, (line,), test=True))
    assert (made.box[2] - line.extent[2]) * made.scale >= marks.ROOM


@pytest.mark.parametrize("size", [(60, 40), (100, 60), (199, 69)])
def test_a_stamp_on_a_page_smaller_than_itself_says_test(size: tuple[float, float]) -> None:
    sheet = pages.PageBox((0, 0, *size))
    _, scale, operators = shown(stamp(test=True), sheet)
    sizes = [float(each) for each in re.findall(r"\n1 g\nBT\n0 Tc\n/\S+ (\S+) Tf", operators)]
    assert sizes[-1] * scale >= SMALLEST
