"""Files with a table and a stream beside it (hybrid cross-references, ISO 32000-2, 7.5.8.4), of old programs.

PyHanko validates no signature in such a file. One that was so when it was signed first is signed as it is; nothing of
that is open to whoever adds something afterwards. What is added in that form is still not validated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def take_signed_hybrids(reader: Any, signatures: Sequence[Any]) -> None:
    """Let the signatures of a file be validated where only revisions up to the first signed one are hybrid."""
    if not reader.xrefs.hybrid_xrefs_present:
        return
    first = min(each.signed_revision for each in signatures)
    after = reader.xrefs._xref_sections[first + 1 :]  # noqa: SLF001 pyHanko tells it of the whole file only
    if any(each.xref_data.hybrid is not None for each in after):
        return
    for each in signatures:
        each._enforce_hybrid_xref_policy = lambda: None  # noqa: SLF001 the question that is answered here
