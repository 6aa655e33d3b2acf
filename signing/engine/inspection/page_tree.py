"""The tree of pages (ISO 32000-2, 7.7.3), walked without the repairs that a parser makes in silence."""

from __future__ import annotations

import pikepdf

from signing.engine.inspection.causes import Objection, Unsound
from signing.engine.refusals import Label


def check_page_tree(pdf: pikepdf.Pdf, *, most: int) -> list[pikepdf.Object]:
    """Give the pages in order. Raises `Objection` (PAGE_TREE, NO_PAGE, TOO_MANY_PAGES, DAMAGED).

    A `/Count` that is not the number of pages is mended by a rewrite: see `check_tree_is_exact`.
    """
    pages: list[pikepdf.Object] = []
    _descend(pdf.Root.get("/Pages"), (), pages, most)
    if not pages:
        raise Objection(Label.NO_PAGE)
    return pages


def check_tree_is_exact(pdf: pikepdf.Pdf, pages: list[pikepdf.Object]) -> None:
    """Raise `Unsound` where two readers could count the pages differently."""
    if pdf.Root.Pages.get("/Count") != len(pages):
        raise Unsound("the page tree's /Count is not the number of pages")
    if any(page.get("/Type") != "/Page" or not page.is_indirect for page in pages):
        raise Unsound("a page without its type or not indirect")


def correct_counts(node: pikepdf.Object) -> int:
    """Set `/Count` of a tree without loops to its number of pages, node by node; give that of `node`."""
    if "/Kids" not in node:
        return 1
    count = sum(correct_counts(kid) for kid in node["/Kids"])
    node["/Count"] = count
    return count


def _descend(node: object, above: tuple[tuple[int, int], ...], pages: list[pikepdf.Object], most: int) -> None:
    if not isinstance(node, pikepdf.Dictionary):
        raise Objection(Label.DAMAGED if pages else Label.NO_PAGE, "a node of the page tree is no dictionary")
    if node.objgen in above:
        raise Objection(Label.PAGE_TREE)
    kids = node.get("/Kids")
    if kids is None and node.get("/Type") != "/Pages":
        pages.append(node)
        if len(pages) > most:
            raise Objection(Label.TOO_MANY_PAGES)
        return
    if not isinstance(kids, pikepdf.Array):
        raise Objection(Label.DAMAGED if pages else Label.NO_PAGE, "no array of kids")
    below = (*above, node.objgen) if node.is_indirect else above
    if len(below) > _DEEPEST:
        raise Objection(Label.PAGE_TREE, "too deep")
    for kid in kids:
        _descend(kid, below, pages, most)


_DEEPEST = 64
