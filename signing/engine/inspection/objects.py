"""The walk over every object of a PDF, also those in object streams and those that nothing refers to.

qpdf resolves `#xx` in names and the strings of object streams, so that a name is compared as a viewer reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import pikepdf

from signing.engine.inspection import printing
from signing.engine.inspection.causes import Objection
from signing.engine.refusals import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_OBJECTS = 2_000_000
"""Dictionaries in one document; a thousand dense pages have some hundred thousand."""

_ACTIONS = {
    "/JavaScript": (Label.JAVASCRIPT, ()),
    "/Launch": (Label.LAUNCH, ("/F", "/Win", "/Mac", "/Unix")),
    "/SubmitForm": (Label.SUBMIT_FORM, ("/F",)),
    "/ImportData": (Label.IMPORT_DATA, ("/F",)),
    "/GoToR": (Label.REMOTE_FILE, ("/F",)),
    "/GoToE": (Label.REMOTE_FILE, ("/F", "/T")),
    "/Thread": (Label.REMOTE_FILE, ("/F",)),
    "/SetOCGState": (Label.HIDING_ACTION, ("/State",)),
    "/Hide": (Label.HIDING_ACTION, ("/T",)),
    "/Movie": (Label.MULTIMEDIA, ("/T", "/Annotation", "/Operation")),
    "/Sound": (Label.MULTIMEDIA, ("/Sound",)),
    "/Rendition": (Label.MULTIMEDIA, ("/R", "/AN", "/OP")),
    "/RichMediaExecute": (Label.MULTIMEDIA, ("/TA", "/CMD")),
}
"""Action types (12.6.4) and the entries without which the same name is a structure type and does nothing."""

_ANNOTATIONS = frozenset({"/RichMedia", "/Movie", "/Sound", "/3D"})

_ACTIVE = ("/XFA", "/NeedsRendering", "/JS", "/S", "/Subtype")
_REMOTE = ("/F", "/Ref", "/Alternates", "/TransformMethod", "/V")
_NOTED = ("/EF", "/ByteRange", "/Type", "/SMask", "/BM", "/ca", "/CA")
_TELLING = frozenset(_ACTIVE + _REMOTE + _NOTED)
"""Entries that one of the looks below asks for; most dictionaries of a document have none."""


_UNREAD = {
    "limits error": Label.TOO_COMPLEX,
    "treating object as null because of error": Label.TOO_COMPLEX,
    "bad_alloc": Label.TOO_COMPLEX,
    "error reading object": Label.DAMAGED,
    "memory limit exceeded": Label.TOO_COMPLEX,
    "getStreamData called on unfilterable stream": Label.DAMAGED,
    "giving up on reading object": Label.DAMAGED,
    "too many errors": Label.DAMAGED,
    "parse error while reading object": Label.DAMAGED,
    "unexpected EOF": Label.DAMAGED,
    "treating stream as empty": Label.DAMAGED,
    "stream found inside object stream": Label.DAMAGED,
    "expected integer in object stream header": Label.DAMAGED,
    "must be larger than previous offset": Label.DAMAGED,
    "has invalid /First entry": Label.DAMAGED,
    "has incorrect keys": Label.DAMAGED,
    "has unexpected xref entry type": Label.DAMAGED,
    "with impossibly large id": Label.DAMAGED,
}
"""What qpdf says of objects, and of streams full of objects, that it did not read, or not to their end."""


@dataclass
class Findings:
    """What the walk saw that is no ground for a refusal."""

    attachments: int = 0
    signatures: int = 0
    pages: int = 0
    transparency: bool = False
    groups: list[pikepdf.Object] = field(default_factory=list)
    """Of optional content (8.11.2.1), listed or not."""
    memberships: list[pikepdf.Object] = field(default_factory=list)
    """Of optional content (8.11.2.2); most stand in the resources that name them, not in objects of their own."""
    streams: list[pikepdf.Object] = field(default_factory=list)
    annotations: list[pikepdf.Object] = field(default_factory=list)
    """Those that draw something."""


def walk(pdf: pikepdf.Pdf) -> Findings:
    """Look at every dictionary of a document. Raises `Objection` for active, remote and certified content."""
    findings = Findings()
    for count, item in enumerate(_dictionaries(pdf)):
        if count > MOST_OBJECTS:
            raise Objection(Label.TOO_COMPLEX, "dictionaries")
        keys = item.keys()
        if isinstance(item, pikepdf.Stream):
            findings.streams.append(item)
        if _TELLING.isdisjoint(keys):
            continue
        _refuse_active(item, keys)
        _refuse_remote(item, keys)
        _refuse_certified(item, keys)
        _note(item, keys, findings)
    return findings


def check_all_was_read(warnings: Iterable[str]) -> None:
    """Raise `Objection` (TOO_COMPLEX, DAMAGED) where an object was read as nothing, being too deep or too large.

    Viewers have other limits: what such an object does would be seen by them, and not by the walk. `warnings`: what
    qpdf said when everything had been walked.
    """
    for sign, label in _UNREAD.items():
        if any(sign in warning for warning in warnings):
            raise Objection(label, sign)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    yield pdf.trailer
    pending: list[pikepdf.Object] = [pdf.trailer]
    for item in pdf.objects:
        pending.append(item)
        while pending:
            node = pending.pop()
            if isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
                yield node
                pending += [value for value in node.values() if _is_nested(value)]
            elif isinstance(node, pikepdf.Array):
                pending += [value for value in node if _is_nested(value)]


def _is_nested(value: object) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _refuse_active(item: pikepdf.Object, keys: set[str]) -> None:
    if "/XFA" in keys or ("/NeedsRendering" in keys and bool(item["/NeedsRendering"])):
        raise Objection(Label.XFA)
    if "/JS" in keys:
        raise Objection(Label.JAVASCRIPT, "/JS")
    if "/S" in keys:
        label, needs = _ACTIONS.get(str(item["/S"]), (None, ()))
        if label and (not needs or keys.intersection(needs)):
            raise Objection(label, str(item["/S"]))
    if "/Subtype" in keys and "/Rect" in keys and str(item["/Subtype"]) in _ANNOTATIONS:
        raise Objection(Label.MULTIMEDIA, str(item["/Subtype"]))


def _refuse_remote(item: pikepdf.Object, keys: set[str]) -> None:
    """Streams whose content is elsewhere (7.3.8.2), images and PostScript for printers only (8.9.5.4, 8.8)."""
    if isinstance(item, pikepdf.Stream) and ("/F" in keys or "/Ref" in keys):
        raise Objection(Label.EXTERNAL_CONTENT, "stream in another file")
    if isinstance(item, pikepdf.Stream) and ("/Alternates" in keys or item.get("/Subtype") == "/PS"):
        raise Objection(Label.HIDDEN_CONTENT, "what is printed in place of what is shown")


def _refuse_certified(item: pikepdf.Object, keys: set[str]) -> None:
    """A signature that permits no change, by its own reference (12.8.2.2) or by its field's lock (12.7.5.5)."""
    if "/TransformMethod" in keys and str(item["/TransformMethod"]) == "/DocMDP":
        parameters = item.get("/TransformParams")
        if isinstance(parameters, pikepdf.Dictionary) and parameters.get("/P") == 1:
            raise Objection(Label.CERTIFIED, "DocMDP")
    if "/V" in keys and isinstance(item.get("/Lock"), pikepdf.Dictionary) and item["/Lock"].get("/P") == 1:
        raise Objection(Label.CERTIFIED, "lock")


def _note(item: pikepdf.Object, keys: set[str], findings: Findings) -> None:
    if "/EF" in keys:
        findings.attachments += 1
    if "/ByteRange" in keys:
        findings.signatures += 1
    if printing.is_drawn(item, keys):
        findings.annotations.append(item)
    kind = str(item["/Type"]) if "/Type" in keys else ""
    if kind == "/Page":
        findings.pages += 1
    if kind == "/OCG":
        findings.groups.append(item)
    if kind == "/OCMD":
        findings.memberships.append(item)
    findings.transparency = findings.transparency or _is_transparent(item, keys)


def _is_transparent(item: pikepdf.Object, keys: set[str]) -> bool:
    """Constant alpha, soft masks, blend modes and transparency groups (11.6)."""
    if "/SMask" in keys and item["/SMask"] != pikepdf.Name("/None"):
        return True
    if "/S" in keys and str(item["/S"]) == "/Transparency":
        return True
    if "/BM" in keys and str(item["/BM"]) not in {"/Normal", "/Compatible"}:
        return True
    alphas = [item[key] for key in ("/ca", "/CA") if key in keys]
    return any(isinstance(alpha, int | float | Decimal) and alpha < 1 for alpha in alphas)
