"""What a file says of itself besides its pages: title, author, dates, version (ISO 32000-2, 14.3 and 7.2)."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver

from evidence.verify.redrawing import same

_OF_THE_CATALOG = ("/Metadata", "/Version", "/Extensions", "/MarkInfo")
_BY_EVERY_WRITER = {"/ModDate", "/Producer"}
"""What programs write anew whenever they add a revision, a signature for one."""


def differs(before: HistoricalResolver, after: HistoricalResolver) -> bool:
    """Whether anything of that is another in `after`: no page shows it, windows and file managers do."""
    return not same(_said(before), _said(after))


def _said(revision: HistoricalResolver) -> Any:
    found = {key: revision.root.raw_get(key) for key in _OF_THE_CATALOG if key in revision.root}
    told: Any = generic.DictionaryObject
    info = _info(revision)
    names = info.keys() - _BY_EVERY_WRITER if isinstance(info, generic.DictionaryObject) else ()
    return told(found | {key: info.raw_get(key) for key in names})


def _info(revision: HistoricalResolver) -> Any:
    """The dictionary as the revision has it: what stands in a trailer leads to the newest."""
    found = revision.trailer_view.raw_get("/Info") if "/Info" in revision.trailer_view else None
    return revision(found.reference) if isinstance(found, generic.IndirectObject) else found
