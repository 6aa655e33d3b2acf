"""The repair of an unsigned PDF: qpdf reads it and writes it anew, and it is compared with what was read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pikepdf

from signing.engine.inspection.causes import Objection
from signing.engine.inspection.page_tree import check_page_tree, correct_counts, mend_annotations
from signing.engine.pages import page_boxes
from signing.engine.refusals import Label

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_REBUILT = "Attempting to reconstruct cross-reference table"
_TRAILER = re.compile(rb"trailer\s*<<[^>]*/Root\b")


def check_nothing_is_lost(
    pdf: pikepdf.Pdf, pages: list[pikepdf.Object], raw: bytes, *, warnings: Sequence[str], pages_seen: int
) -> None:
    """After a search for objects instead of a table: every page that was found stands in the tree, with its content.

    `raw`: the file; `warnings`: what qpdf said of it; `pages_seen`: page objects of the walk. Raises `Objection`
    DAMAGED.
    """
    if any(_REBUILT in warning for warning in warnings) and pages_seen > len(pages):
        raise Objection(Label.DAMAGED, "pages outside the tree")
    declared = pdf.Root.Pages.get("/Count")
    if isinstance(declared, int) and declared > len(pages):
        raise Objection(Label.DAMAGED, f"{declared} pages declared, {len(pages)} found")
    if any(_misses_content(page, raw) for page in pages):
        raise Objection(Label.DAMAGED, "content of a page is missing")


def rewrite(pdf: pikepdf.Pdf, target: Path, *, raw: bytes, most: int) -> None:
    """Write `pdf`, read from `raw`, to `target`: the same bytes each time, nothing recompressed. Raises `Objection`
    DAMAGED.

    Every `/Count` of the page tree is set to what there is; a page that stood there twice is two pages by now,
    and no two have the same array of annotations.
    """
    boxes = page_boxes(pdf)
    correct_counts(pdf.Root.Pages)
    mend_annotations(pdf)
    if "/Size" not in pdf.trailer and _TRAILER.search(raw):
        pdf.trailer["/Size"] = len(pdf.objects) + 1  # of a trailer that others can read; qpdf writes none
    pdf.save(
        target,
        deterministic_id=True,
        fix_metadata_version=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )
    with pikepdf.open(target, attempt_recovery=False, inherit_page_attributes=False) as again:
        check_page_tree(again, most=most)
        if page_boxes(again) != boxes or again.get_warnings():
            raise Objection(Label.DAMAGED, "the repaired file reads differently")


def _misses_content(page: pikepdf.Object, raw: bytes) -> bool:
    """A reference to nothing reads as if the entry were absent; only the bytes of the page tell the two apart."""
    value = page.get("/Contents")
    if isinstance(value, pikepdf.Array):
        return not all(isinstance(part, pikepdf.Stream) for part in value)
    if value is None:
        written = re.search(rb"(?<!\d)%d %d obj\b(.*?)endobj" % page.objgen, raw, re.DOTALL)
        return written is not None and re.search(rb"/Contents\s+\d+\s+\d+\s+R", written[1]) is not None
    return not isinstance(value, pikepdf.Stream)
