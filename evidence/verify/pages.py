"""That the pages of a signed file are those that were presented: content, frame, resources and annotations.

Read with qpdf, by none of the code that signs. Streams are read where the appended revisions list their objects anew:
all others are the octets that were presented.
"""

from __future__ import annotations

import mmap
from typing import Any, BinaryIO

import pikepdf
from django.utils.translation import gettext

from evidence.sections.section import last_start, read_section, read_stream_section
from evidence.sections.syntax import NotCanonical
from evidence.verify.failures import NotSound

_ELSEWHERE = {"/Parent", "/Annots", "/Contents"}
"""Entries of a page that are no look of its own, or that are compared apart."""
_INHERITED = {"/Resources", "/MediaBox", "/CropBox", "/Rotate"}
_DEEPEST_TREE = 64
_KINDS = (pikepdf.Array, pikepdf.Dictionary, pikepdf.Stream)
_NODES = {"/Page", "/Pages", "/Catalog"}
"""What is compared apart, or is no look of a page: a signature says that it is about the catalog (12.8.2.4)."""

Pair = tuple[Any, Any]


def check_pages(
    file: BinaryIO, first: pikepdf.Pdf, signed: pikepdf.Pdf, *, presented: int, count: int
) -> tuple[str, ...]:
    """Compare the pages of a file with those of `first`, its first `presented` bytes; there have to be `count`.

    Gives the names of the checks. Raises `NotSound`. Later annotations may be fields of signatures, whose place is not
    judged here.
    """
    if len(signed.pages) != count:
        raise NotSound("page_count", gettext("Le nombre de pages a changé."))
    pairs = [(one.obj, other.obj) for one, other in zip(first.pages, signed.pages, strict=True)]
    if any(_content(one) != _content(other) for one, other in pairs):
        raise NotSound("page_content", gettext("Le contenu d’une page a changé."))
    comparison = _Comparison(listed_anew(file, presented))
    if not all(comparison.same_page(one, other) for one, other in pairs):
        raise NotSound("page_frame", gettext("Le cadre d’une page, ou ce avec quoi elle est dessinée, a changé."))
    if not all(comparison.same_annotations(one, other) for one, other in pairs):
        raise NotSound("page_annotations", gettext("Une annotation d’une page a changé."))
    return ("page_count", "page_content", "page_frame", "page_annotations")


def _content(page: pikepdf.Object) -> tuple[bytes, ...]:
    value = page.get("/Contents")
    parts = list(value) if isinstance(value, pikepdf.Array) else [value]
    return tuple(part.read_raw_bytes() for part in parts if isinstance(part, pikepdf.Stream))


def listed_anew(file: BinaryIO, since: int) -> frozenset[int] | None:
    """Numbers of the objects that sections behind `since` list; None where readers may differ on them."""
    found: set[int] = set()
    try:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            at = last_start(content, len(content))
            while at is not None and at >= since:
                section = read_section(content, at)
                found |= section.entries.keys()
                if section.hybrid is not None:
                    found |= read_stream_section(content, section.hybrid).entries.keys()
                if section.previous is not None and section.previous >= at:
                    return None
                at = section.previous
    except NotCanonical:
        return None
    return frozenset(found)


def _entries(page: pikepdf.Object) -> dict[str, Any]:
    """What a page looks by, with what it has from the nodes above it (ISO 32000-2, 7.7.3.4)."""
    found = {key: page[key] for key in page.keys() - _ELSEWHERE}
    above: Any = page
    for _ in range(_DEEPEST_TREE):
        above = above.get("/Parent")
        if not isinstance(above, pikepdf.Dictionary):
            break
        found = {key: above[key] for key in _INHERITED & above.keys()} | found
    return found


def same_value(one: Any, other: Any) -> bool:
    """Whether two values are the same that hold no others. A text may be written in either of its encodings."""
    if not isinstance(one, pikepdf.Object) or not isinstance(other, pikepdf.Object):
        return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
    if isinstance(one, pikepdf.String) and isinstance(other, pikepdf.String):
        return bytes(one) == bytes(other) or str(one) == str(other)
    return one.unparse() == other.unparse()


class _Comparison:
    """Objects of two states of a file, compared with all that they lead to but other pages; each pair once."""

    def __init__(self, anew: frozenset[int] | None) -> None:
        self._anew = anew
        self._met: set[tuple[tuple[int, int], tuple[int, int]]] = set()

    def same_page(self, one: pikepdf.Object, other: pikepdf.Object) -> bool:
        before, after = _entries(one), _entries(other)
        return before.keys() == after.keys() and self._same([(before[key], after[key]) for key in before])

    def same_annotations(self, one: pikepdf.Object, other: pikepdf.Object) -> bool:
        """Whether all are still there, in their order, and those behind them are fields of signatures."""
        before, after = (list(page.get("/Annots") or ()) for page in (one, other))
        added = after[len(before) :]
        kept = len(before) <= len(after) and self._same(list(zip(before, after, strict=False)))
        return kept and all(isinstance(each, pikepdf.Dictionary) and each.get("/FT") == "/Sig" for each in added)

    def _same(self, waiting: list[Pair]) -> bool:
        while waiting:
            one, other = waiting.pop()
            if not isinstance(one, pikepdf.Object) or not isinstance(other, pikepdf.Object):
                if not same_value(one, other):
                    return False
                continue
            if one.is_indirect and other.is_indirect:
                if (one.objgen, other.objgen) in self._met:
                    continue
                self._met.add((one.objgen, other.objgen))
            parts = self._parts(one, other)
            if parts is None:
                return False
            waiting += parts
        return True

    def _parts(self, one: pikepdf.Object, other: pikepdf.Object) -> list[Pair] | None:
        """What is left to compare of two objects; None where they differ."""
        if any(isinstance(one, kind) is not isinstance(other, kind) for kind in _KINDS):
            return None
        if isinstance(one, pikepdf.Array):
            return list(zip(one, other, strict=True)) if len(one) == len(other) else None
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            return [] if same_value(one, other) else None
        if one.get("/Type") in _NODES:
            return [] if one.objgen == other.objgen else None
        keys = one.keys() - {"/Parent"}
        if keys != other.keys() - {"/Parent"} or (isinstance(one, pikepdf.Stream) and not self._same_data(one, other)):
            return None
        return [(one[key], other[key]) for key in keys]

    def _same_data(self, one: pikepdf.Object, other: pikepdf.Object) -> bool:
        kept = self._anew is not None and one.objgen == other.objgen and one.objgen[0] not in self._anew
        return kept or bytes(one.read_raw_bytes()) == bytes(other.read_raw_bytes())
