"""Files with a table and a stream beside it (hybrid cross-references, ISO 32000-2, 7.5.8.4), of old programs.

PyHanko validates no signature in such a file. One that was so when it was signed first is signed as it is; what follows
in that form is read by `evidence.sections`, which takes it where no object is listed on both sides: poppler and mupdf
find none that the table calls free and the stream beside it not, qpdf and pdfium do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def take_hybrids(reader: Any, signatures: Sequence[Any]) -> None:
    """Let the signatures of a file be validated; whether readers take it alike is judged apart."""
    if not reader.xrefs.hybrid_xrefs_present:
        return
    for each in signatures:
        each._enforce_hybrid_xref_policy = lambda: None  # noqa: SLF001 the question that is answered here
