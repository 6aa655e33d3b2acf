"""What a signer added to the revision that was signed on: the fields that were asked for, evidence, and nothing else.

Read with qpdf, by none of the code that signs. What no section behind that revision lists is what it was, octet by
octet; so the few objects that are written anew are compared, each by itself. References are not followed: what they
lead to is written anew, too, or is as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

import pikepdf
from django.utils.translation import gettext

from evidence.verify.failures import NotSound
from evidence.verify.pages import listed_anew, same_value

_CHECK = "additions"
_FORM = {"/Fields", "/SigFlags"}
_STORE = {"/Certs", "/CRLs", "/OCSPs", "/VRI"}
_LISTS = ("/Certs", "/CRLs", "/OCSPs")
_OF_OTHERS = {"/AcroForm", "/DSS", "/Metadata", "/Version", "/Extensions", "/Perms"}
_TRAILER = ("/Root", "/Info", "/Encrypt")
_FIELD = {"/Type", "/Subtype", "/FT", "/T", "/TU", "/Contents", "/F", "/Rect", "/P", "/AP", "/V"}
"""Entries of a field that is its own widget, and has no action (ISO 32000-2, 12.5.2, 12.5.6.19 and 12.7.5.5)."""
_SIGNATURE = {"/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange", "/M", "/Name", "/Location", "/Reason"}
_SIGNATURE |= {"/ContactInfo"}
"""Entries of a signature's dictionary (table 255); a certification or a lock would be in `/Reference`."""
_CONTAINERS = pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream


def check_additions(
    file: BinaryIO, before: pikepdf.Pdf, after: pikepdf.Pdf, *, since: int, count: int
) -> tuple[str, ...]:
    """Compare a file with its first `since` bytes, `before`, to which `count` fields were added, all signed.

    Gives the names of the checks. Raises `NotSound`.
    """
    anew = listed_anew(file, since)
    if anew is None:
        raise NotSound(_CHECK, gettext("La partie ajoutée par la signature ne se lit pas d’une seule façon."))
    compared = _Compared()
    compared.trailers(before.trailer, after.trailer)
    compared.entries(before.Root, after.Root, but={"/AcroForm", "/DSS"})
    compared.members(before.Root, after.Root, "/AcroForm", but=_FORM)
    compared.members(before.Root, after.Root, "/DSS", but=_STORE)
    for name in _LISTS:
        compared.grown(_of(before.Root, "/DSS"), _of(after.Root, "/DSS"), name)
    _check_fields(compared, before, after, count)
    size = int(before.trailer["/Size"])
    if {number for number in anew if 0 < number < size} - compared.numbers:
        raise _not_the_same()
    return (_CHECK,)


def _check_fields(compared: _Compared, before: pikepdf.Pdf, after: pikepdf.Pdf, count: int) -> None:
    """Those that were there stay; each new one is on one page, signed, and has a name of its own."""
    fields = compared.grown(_of(before.Root, "/AcroForm"), _of(after.Root, "/AcroForm"), "/Fields")
    places: list[Any] = []
    for one, other in zip(before.pages, after.pages, strict=True):
        added = compared.grown(one.obj, other.obj, "/Annots")
        if added:
            compared.entries(one.obj, other.obj, but={"/Annots"})
            places += added
    if len(fields) != count or sorted(map(_number, fields)) != sorted(map(_number, places)):
        raise _not_the_same()
    for each in fields:
        _check_field(each)
    names = [str(each.get("/T")) for each in _array(_of(after.Root, "/AcroForm"), "/Fields")]
    if any(names.count(str(each.get("/T"))) > 1 for each in fields):  # two of a name are one field (12.7.4.2)
        raise _not_the_same()


def check_catalog(before: pikepdf.Pdf, after: pikepdf.Pdf) -> tuple[str, ...]:
    """Check what another service's signer did to the catalog: form, evidence, and what it says of itself, no more.

    Gives the names of the checks. Raises `NotSound`: what opens, runs or is shown with the file was shown to nobody.
    """
    _Compared().entries(before.Root, after.Root, but=_OF_OTHERS)
    return (_CHECK,)


def _check_field(field: pikepdf.Object) -> None:
    is_field = isinstance(field, pikepdf.Dictionary) and field.is_indirect and field.keys() <= _FIELD
    if not is_field or field.get("/FT") != "/Sig" or field.get("/Subtype") != "/Widget":
        raise _not_the_same()
    value = field.get("/V")
    if not isinstance(value, pikepdf.Dictionary) or not value.keys() <= _SIGNATURE:
        raise _not_the_same()


def _not_the_same() -> NotSound:
    return NotSound(_CHECK, gettext("La signature a ajouté ou modifié autre chose que ce qui était demandé."))


def _of(holder: Any, name: str) -> Any:
    """An entry that is a dictionary; an empty one where there is none."""
    found = holder.get(name)
    return pikepdf.Dictionary() if found is None else found


def _array(holder: Any, name: str) -> list[Any]:
    return [each for each in holder.get(name, ()) if isinstance(each, pikepdf.Dictionary)]


def _number(each: object) -> int:
    return int(each.objgen[0]) if isinstance(each, pikepdf.Object) else 0


class _Compared:
    """Objects of two states of a file, compared one by one; `numbers` of those that were, and may be written anew."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()

    def trailers(self, one: pikepdf.Object, other: pikepdf.Object) -> None:
        identifiers = [each.get("/ID") for each in (one, other)]
        first = [bytes(each[0]) if each is not None else None for each in identifiers]
        kept = first[0] in (None, first[1])  # one that is new where there was none is no harm
        if not kept or not all(_same(one.get(name), other.get(name)) for name in _TRAILER):
            raise _not_the_same()

    def members(self, one: pikepdf.Object, other: pikepdf.Object, name: str, *, but: Iterable[str]) -> None:
        """Compare a dictionary that both hold, or that the later one alone holds, with nothing but what it may have."""
        before, after = one.get(name), other.get(name)
        if before is None:
            if after is not None and not (isinstance(after, pikepdf.Dictionary) and after.keys() <= {*but, "/Type"}):
                raise _not_the_same()
            return
        if not _same_place(before, after):
            raise _not_the_same()
        self.entries(before, after, but=but)

    def entries(self, one: pikepdf.Object, other: Any, *, but: Iterable[str]) -> None:
        """Compare two dictionaries that are one object of the file. Raises `NotSound`."""
        self._may_be_anew(one, other)
        keys = one.keys() - set(but)
        if keys != other.keys() - set(but) or not all(_same(one.get(key), other.get(key)) for key in keys):
            raise _not_the_same()

    def grown(self, one: pikepdf.Object, other: pikepdf.Object, name: str) -> list[Any]:
        """Give what an array has at its end that it had not; what was in it is there, in its order."""
        before, after = one.get(name), other.get(name)
        if after is None and before is None:
            return []
        if not isinstance(after, pikepdf.Array):
            raise _not_the_same()
        if before is None:
            return list(after)
        self._may_be_anew(before, after)
        if len(after) < len(before) or not all(map(_same, before, after)):
            raise _not_the_same()
        return list(after)[len(before) :]

    def _may_be_anew(self, one: pikepdf.Object, other: Any) -> None:
        if not isinstance(other, _CONTAINERS) or not _same_place(one, other):
            raise _not_the_same()
        if one.is_indirect:
            self.numbers.add(one.objgen[0])


def _same_place(one: pikepdf.Object, other: Any) -> bool:
    """Whether both are the same object of the file, or both have none of their own."""
    return isinstance(other, pikepdf.Object) and one.objgen == other.objgen and type(one) is type(other)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same as far as they stand here; of what is elsewhere, whether it is at one place."""
    if not isinstance(one, pikepdf.Object) or not isinstance(other, pikepdf.Object):
        return same_value(one, other)
    if one.is_indirect or other.is_indirect:
        return one.is_indirect and other.is_indirect and one.objgen == other.objgen
    if isinstance(one, pikepdf.Array) and isinstance(other, pikepdf.Array):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, pikepdf.Dictionary) and isinstance(other, pikepdf.Dictionary):
        return one.keys() == other.keys() and all(_same(one.get(key), other.get(key)) for key in one.keys())  # noqa: SIM118 - an object of qpdf
    return same_value(one, other)
