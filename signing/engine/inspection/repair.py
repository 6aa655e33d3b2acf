"""The repair of an unsigned PDF: qpdf reads it and writes it anew, and it is compared with what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf

from signing.engine.inspection.causes import Objection
from signing.engine.inspection.page_tree import check_page_tree
from signing.engine.pages import page_boxes
from signing.engine.refusals import Label

if TYPE_CHECKING:
    from pathlib import Path

_REBUILT = "Attempting to reconstruct cross-reference table"


def check_nothing_is_lost(pdf: pikepdf.Pdf, pages: list[pikepdf.Object], *, pages_seen: int) -> None:
    """After a search for objects instead of a table: every page that was found stands in the tree, with its content.

    `pages_seen`: page objects of the walk. Raises `Objection` DAMAGED.
    """
    if any(_REBUILT in str(warning) for warning in pdf.get_warnings()) and pages_seen > len(pages):
        raise Objection(Label.DAMAGED, "pages outside the tree")
    declared = pdf.Root.Pages.get("/Count")
    if isinstance(declared, int) and declared > len(pages):
        raise Objection(Label.DAMAGED, f"{declared} pages declared, {len(pages)} found")
    if any("/Contents" in page and not _is_content(page["/Contents"]) for page in pages):
        raise Objection(Label.DAMAGED, "content of a page is missing")


def rewrite(pdf: pikepdf.Pdf, target: Path, *, most: int) -> None:
    """Write `pdf` to `target`, the same bytes each time, nothing recompressed. Raises `Objection` DAMAGED.

    The page tree is flattened first, so that its `/Count` is right and each page has a node of its own.
    """
    boxes = page_boxes(pdf)
    first = pdf.pages[0]
    pdf.pages.append(first)
    del pdf.pages[-1]
    pdf.save(
        target,
        deterministic_id=True,
        fix_metadata_version=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )
    with pikepdf.open(target, attempt_recovery=False) as again:
        check_page_tree(again, most=most)
        if page_boxes(again) != boxes or again.get_warnings():
            raise Objection(Label.DAMAGED, "the repaired file reads differently")


def _is_content(value: object) -> bool:
    if isinstance(value, pikepdf.Array):
        return all(isinstance(part, pikepdf.Stream) for part in value)
    return isinstance(value, pikepdf.Stream)
