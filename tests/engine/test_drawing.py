"""How often forms are painted."""

import io

import pikepdf
import pytest

from signing.engine.inspection import drawing
from signing.engine.inspection.causes import Objection
from tests.pdfs import bombs


def looked_at(content: bytes) -> None:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        drawing.check_drawing_ends([page.obj for page in pdf.pages], streams)


@pytest.mark.parametrize(("levels", "times"), [(21, 2), (3, 200), (2, 1500), (60, 2)])
def test_forms_within_forms_multiply(levels: int, times: int) -> None:
    with pytest.raises(Objection, match="forms painted"):
        looked_at(bombs.forms(levels, times))


@pytest.mark.parametrize(("levels", "times"), [(19, 2), (3, 100), (1, 5000), (300, 1), (0, 1)])
def test_what_is_painted_in_a_while_is_taken(levels: int, times: int) -> None:
    looked_at(bombs.forms(levels, times))


def test_forms_in_a_circle_are_weighed_once() -> None:
    looked_at(bombs.forms(5, loop=True))


def test_pages_add_up() -> None:
    """No page of it is too much, all of them are."""
    with pikepdf.open(io.BytesIO(bombs.forms(17))) as pdf:
        for _ in range(9):
            pdf.pages.append(pdf.pages[0])
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(Objection, match="forms painted"):
        looked_at(out.getvalue())


def test_resources_of_the_tree_count() -> None:
    with pikepdf.open(io.BytesIO(bombs.forms(40))) as pdf:
        pdf.Root.Pages.Resources = pdf.pages[0].obj.Resources
        del pdf.pages[0].obj.Resources
        out = io.BytesIO()
        pdf.save(out)
    with pikepdf.open(io.BytesIO(out.getvalue()), inherit_page_attributes=False) as pdf:
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        with pytest.raises(Objection, match="forms painted"):
            drawing.check_drawing_ends([pdf.Root.Pages.Kids[0]], streams)
