"""PDFs whose pages are turned, cut or scaled."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name


def nested_page_tree() -> pikepdf.Pdf:
    """Three pages: all boxes inherited from a grandparent; own boxes and a user unit; no MediaBox anywhere."""
    pdf = pikepdf.new()
    first = pdf.make_indirect(Dictionary(Type=Name.Page))
    second = pdf.make_indirect(Dictionary(Type=Name.Page, MediaBox=Array([200, 100, 0, 0]), UserUnit=3))
    third = pdf.make_indirect(Dictionary(Type=Name.Page))
    middle = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([first]), Count=1))
    left = pdf.make_indirect(
        Dictionary(
            Type=Name.Pages,
            Kids=Array([middle]),
            Count=1,
            MediaBox=Array([0, 0, 310, 420]),
            CropBox=Array([10, 20, 999, 999]),
            Rotate=450,
            UserUnit=2,
        )
    )
    top = pdf.Root.Pages
    top.Kids, top.Count = Array([left, second, third]), 3
    for child, parent in ((first, middle), (middle, left), (left, top), (second, top), (third, top)):
        child.Parent = parent
    return pdf
