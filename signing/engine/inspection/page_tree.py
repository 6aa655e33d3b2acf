"""The tree of pages (ISO 32000-2, 7.7.3), walked without the repairs that a parser makes in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pikepdf

from signing.engine.inspection.causes import Objection, Unsound
from signing.engine.refusals import Label

_DEEPEST = 64


def check_page_tree(pdf: pikepdf.Pdf, *, most: int) -> list[pikepdf.Object]:
    """Give the pages in order. Raises `Objection` (PAGE_TREE, NO_PAGE, MISSING_PAGE, TOO_MANY_PAGES, DAMAGED).

    A `/Count` that is not the number of pages is mended by a rewrite, and so is an entry for a page that is not there,
    behind all that are: see `check_tree_is_exact`. Before another it is in the way: some readers show nothing from
    there on, some go on, some leave a page blank.
    """
    walk = _Walk(most)
    walk.descend(pdf.Root.get("/Pages"), 0)
    if not walk.pages:
        raise Objection(Label.NO_PAGE)
    if walk.absent_at is not None and not walk.absent_at == len(walk.pages) == pdf.Root.Pages.get("/Count"):
        raise Objection(Label.MISSING_PAGE, f"behind {walk.absent_at} of {len(walk.pages)} pages")
    return walk.pages


def check_tree_is_exact(pdf: pikepdf.Pdf, pages: list[pikepdf.Object]) -> None:
    """Raise `Unsound` where two readers could count the pages differently."""
    if pdf.Root.Pages.get("/Count") != len(pages):
        raise Unsound("the page tree's /Count is not the number of pages")
    if any(kid is None for node in _nodes(pdf.Root.Pages) for kid in node["/Kids"]):
        raise Unsound("an entry for a page that is not there")
    if any(page.get("/Type") != "/Page" or not page.is_indirect for page in pages):
        raise Unsound("a page without its type or not indirect")
    arrays = [holder[key].objgen for holder, key in _extended(pdf, pages) if holder[key].is_indirect]
    if len(set(arrays)) != len(arrays):
        raise Unsound("one array is the annotations of two pages, or of a page and the fields of the form")


def check_annotations_are_there(pdf: pikepdf.Pdf, pages: list[pikepdf.Object]) -> None:
    """Raise `Unsound` where an annotation or field is none: who compares revisions later on would stumble over it."""
    for holder, key in _extended(pdf, pages):
        if not all(isinstance(each, pikepdf.Dictionary) for each in holder[key]):
            raise Unsound(f"an entry of {key} is no dictionary")


def mend_annotations(pdf: pikepdf.Pdf) -> None:
    """Give every page an array of annotations of its own, without what is none.

    What is signed on one page would be stamped on each that has the same array.
    """
    taken: set[tuple[int, int]] = set()
    for holder, key in _extended(pdf, [page.obj for page in pdf.pages]):
        array = holder[key]
        entries = [each for each in array if isinstance(each, pikepdf.Dictionary)]
        if (array.is_indirect and array.objgen in taken) or len(entries) < len(array):
            holder[key] = pikepdf.Array(entries)
        elif array.is_indirect:
            taken.add(array.objgen)


def _extended(pdf: pikepdf.Pdf, pages: Sequence[pikepdf.Object]) -> Iterator[tuple[pikepdf.Object, str]]:
    """The arrays that a signature field goes to: holder and key."""
    form = pdf.Root.get("/AcroForm")
    for holder, key in ((form, "/Fields"), *((page, "/Annots") for page in pages)):
        if isinstance(holder, pikepdf.Dictionary) and isinstance(holder.get(key), pikepdf.Array):
            yield holder, key


def _nodes(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """All nodes above pages of a tree without loops."""
    if isinstance(node, pikepdf.Dictionary) and "/Kids" in node:
        yield node
        for kid in node["/Kids"]:
            yield from _nodes(kid)


def correct_counts(node: pikepdf.Object) -> int:
    """Set `/Count` of a tree without loops to its number of pages, node by node, and leave out what is not there; give
    that of `node`.
    """
    if "/Kids" not in node:
        return 1
    kids = [kid for kid in node["/Kids"] if kid is not None]
    if len(kids) < len(node["/Kids"]):
        node["/Kids"] = pikepdf.Array(kids)
    count = sum(correct_counts(kid) for kid in kids)
    node["/Count"] = count
    return count


@dataclass
class _Walk:
    """Pages found so far, and the nodes above pages that were entered: none is entered twice.

    `absent_at`: how many pages stand before the first entry for one that is not there; None without such.
    """

    most: int
    pages: list[pikepdf.Object] = field(default_factory=list)
    entered: set[tuple[int, int]] = field(default_factory=set)
    absent_at: int | None = None

    def descend(self, node: object, depth: int) -> None:
        if not isinstance(node, pikepdf.Dictionary):
            raise Objection(self._nothing, "a node of the page tree is no dictionary")
        kids = node.get("/Kids")
        if kids is None and node.get("/Type") != "/Pages":
            self.pages.append(node)
            if len(self.pages) > self.most:
                raise Objection(Label.TOO_MANY_PAGES)
            return
        if not isinstance(kids, pikepdf.Array):
            raise Objection(self._nothing, "no array of kids")
        if node.objgen in self.entered or depth > _DEEPEST:
            raise Objection(Label.PAGE_TREE)
        if node.is_indirect:
            self.entered.add(node.objgen)
        for kid in kids:
            if kid is not None:
                self.descend(kid, depth + 1)
            elif self.absent_at is None:
                self.absent_at = len(self.pages)

    @property
    def _nothing(self) -> Label:
        return Label.DAMAGED if self.pages else Label.NO_PAGE
