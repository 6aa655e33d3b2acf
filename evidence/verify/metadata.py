"""What a file says of itself besides its pages: title, author, dates, version (ISO 32000-2, 14.3 and 7.2)."""

from __future__ import annotations

import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.metadata.xmp_xml import parse_xmp
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver

from evidence.verify import trailers
from evidence.verify.redrawing import entry, same

_OF_THE_CATALOG = ("/Version", "/Extensions", "/MarkInfo")
_BY_EVERY_WRITER = {"/ModDate", "/Producer"}
"""What programs write anew whenever they add a revision, a signature for one."""
_IN_PACKETS = {"ModifyDate", "MetadataDate", "Producer", "InstanceID"}
"""The same in XMP (ISO 16684-1, 8.3 and 8.4), by local name."""


def differs(before: HistoricalResolver, after: HistoricalResolver) -> bool:
    """Whether anything of that is another in `after`: no page shows it, windows and file managers do."""
    return not same(_said(before), _said(after)) or _packet(before) != _packet(after)


def _said(revision: HistoricalResolver) -> Any:
    found = {key: revision.root.raw_get(key) for key in _OF_THE_CATALOG if key in revision.root}
    told: Any = generic.DictionaryObject
    info = _info(revision)
    names = info.keys() - _BY_EVERY_WRITER if isinstance(info, generic.DictionaryObject) else ()
    return told(found | {key: info.raw_get(key) for key in names})


def _packet(revision: HistoricalResolver) -> Any:
    """The properties of a packet of XMP in their order; one that is not read is its bytes.

    A writer that has only a date and a name of its own to give adds a packet where there was none: nothing is said.
    """
    stream = entry(revision.root, "/Metadata")
    if not isinstance(stream, generic.StreamObject):
        return []
    try:
        content = stream.data
        read = parse_xmp(io.BytesIO(content))
    except (ValueError, TypeError, LookupError, PdfReadError):
        return stream.encoded_data
    return [(name, value) for each in read for name, value in each if name.local_name not in _IN_PACKETS]


def _info(revision: HistoricalResolver) -> Any:
    """The dictionary as the revision has it: what stands in a trailer leads to the newest.

    None where its own trailer names none: readers look in no older one.
    """
    trailer = trailers.own(revision.reader, revision.revision)
    found = trailer.raw_get("/Info") if "/Info" in trailer else None
    return revision(found.reference) if isinstance(found, generic.IndirectObject) else found
