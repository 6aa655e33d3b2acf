"""Signatures that stand in their fields, and have no object of their own (ISO 32000-2, 12.7.5.5 leaves both).

Fpdf2 signs so. PyHanko asks in which revision the object came last; here it is told the first in which the field holds
this signature, for whoever signs next may write the field anew, as PDFBox does. Whether the signature covers that
revision is asked of it as of any other, and what the field became is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.sign.validation import EmbeddedPdfSignature

_TOLD = ("/ByteRange", "/Contents")


def take_values_in_place() -> None:
    """Have pyHanko read them, in this process; calling it again changes nothing."""
    place: Any = EmbeddedPdfSignature
    if not hasattr(place.__init__, "__wrapped__"):
        place.__init__ = _placed(place.__init__)


def _placed(begin: Callable[..., None]) -> Callable[..., None]:
    @wraps(begin)
    def begun(self: Any, reader: Any, sig_field: Any, fq_name: str) -> None:
        field = sig_field.get_object()
        value = field.raw_get("/V")
        if isinstance(value, generic.DictionaryObject):
            value.reference = field.container_ref  # type: ignore[attr-defined]  # what a reference to it would have
        begin(self, reader, sig_field, fq_name)
        if isinstance(value, generic.DictionaryObject):
            self.signed_revision = _first(reader, field.container_ref, value, self.signed_revision)

    return begun


def _first(reader: Any, reference: Any, value: Any, last: int) -> int:
    """The first revision in which a field holds the signature that it has in its `last` one."""
    for revision in range(reader.xrefs.get_introducing_revision(reference), last):
        field = reader.get_historical_resolver(revision)(reference)
        before = field.raw_get("/V") if isinstance(field, generic.DictionaryObject) and "/V" in field else None
        if isinstance(before, generic.DictionaryObject) and all(before.get(key) == value.get(key) for key in _TOLD):
            return revision
    return last
