"""The order in which a PDF is examined, and its verdict. Runs in the child; see `__main__` for what surrounds it."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from pikepdf.settings import set_qpdf_limits

from evidence.verify.opening import opened
from signing.engine.inspection import drawing, forms, frame, layers, objects, page_tree, printing, repair, soundness
from signing.engine.inspection.causes import Objection, Unsound
from signing.engine.inspection.compression import KNOWN, MIB, Budget
from signing.engine.pages import PageSize, page_boxes
from signing.engine.refusals import Label

if TYPE_CHECKING:
    from pathlib import Path

_DECODED_BY_QPDF = 128 * MIB
_FILTER = re.compile(rb"/Filter\s*\[?\s*/([A-Za-z0-9]+)")

_SIZE = re.compile(r"reported number of objects \((\d+)\) is not one plus the highest object number \((\d+)\)")
_TAKEN_ALIKE = ("xref entry for the xref stream itself is missing", "extraneous whitespace seen before xref")


@dataclass(frozen=True)
class Verdict:
    """What an accepted file is: pages as displayed, names of what was checked and found, repaired or not."""

    pages: tuple[PageSize, ...]
    checks: tuple[str, ...]
    repaired: bool
    signatures: int
    attachments: int


def examine(source: Path, target: Path, *, max_pages: int) -> Verdict:
    """Judge `source`; write a repaired version to `target` where that is needed. Raises `Objection`.

    Other errors of the libraries come through: the caller takes them for damage.
    """
    set_qpdf_limits(flate_max_memory=_DECODED_BY_QPDF, run_length_max_memory=_DECODED_BY_QPDF, parser_max_nesting=200)
    raw = source.read_bytes()
    outline = frame.read_frame(raw)
    with _opened(source, raw, outline) as pdf:
        found = objects.walk(pdf)
        warnings = [str(warning) for warning in pdf.get_warnings()]
        objects.check_all_was_read(warnings)
        pages = page_tree.check_page_tree(pdf, most=max_pages)
        _check_streams(found, pages)
        unprinted = printing.count_unprinted(found.annotations)
        drawing.check_drawing_ends(pages, found.streams)
        forms.check_fields_are_closed(pdf, pages)
        signatures = forms.count_signatures(pdf, pages)
        layered = layers.check_nothing_is_hidden(pdf, found.groups, found.memberships)
        repair.check_nothing_is_lost(pdf, pages, raw, warnings=warnings, pages_seen=found.pages)
        signed = bool(found.signatures) or outline.names_signature
        plain = outline.tight and not (set(warnings) - (_harmless(warnings) if signed else set()))
        how = _settle(pdf, source, target, raw, pages=pages, plain=plain, signed=signed, most=max_pages)
        return Verdict(
            pages=tuple(box.size for box in page_boxes(pdf)),
            checks=(how, *_tokens(found, layered=layered, signatures=signatures, unprinted=unprinted)),
            repaired=how == "repaired",
            signatures=signatures,
            attachments=found.attachments,
        )


def _harmless(warnings: list[str]) -> set[str]:
    """What qpdf says of files that other programs sign, and all readers take alike; an unsigned one is written anew.

    EU DSS tells a size that is larger than it need be, so that new objects have higher numbers, and leaves a stream of
    cross-references out of itself; @signpdf puts white space before a table.
    """
    return {each for each in warnings if _is_too_large(each) or any(told in each for told in _TAKEN_ALIKE)}


def _is_too_large(warning: str) -> bool:
    found = _SIZE.search(warning)
    return found is not None and int(found[1]) > int(found[2]) + 1


def _opened(source: Path, raw: bytes, outline: frame.Frame) -> pikepdf.Pdf:
    try:
        pdf = pikepdf.open(source, inherit_page_attributes=False)
    except pikepdf.PasswordError as error:
        raise Objection(Label.PASSWORD) from error
    except pikepdf.PdfError as error:
        _check_memory_sufficed(source)
        raise Objection(_cause_of(str(error), raw, outline), str(error)) from error
    if pdf.is_encrypted:
        pdf.close()
        raise Objection(Label.ENCRYPTED)
    return pdf


def _check_memory_sufficed(source: Path) -> None:
    """Raise MemoryError where the file was not opened because its catalog, or the root of its pages, takes too much."""
    with contextlib.suppress(pikepdf.PdfError), opened(str(source)):
        pass


def _cause_of(message: str, raw: bytes, outline: frame.Frame) -> Label:
    """Why qpdf cannot open a file, in words that help its sender more than "damaged"."""
    if "Loop detected" in message or "too deeply nested" in message:
        return Label.PAGE_TREE
    if "encryption" in message:
        return Label.ENCRYPTED
    if any(name.decode("ascii") not in KNOWN for name in set(_FILTER.findall(raw)) if len(name) > len("LZW")):
        return Label.COMPRESSION
    return Label.ENCRYPTED if outline.names_encryption else Label.DAMAGED


def _check_streams(found: objects.Findings, pages: list[pikepdf.Object]) -> None:
    contents = {part.objgen for page in pages for part in _contents(page)}
    budget = Budget()
    for stream in found.streams:
        budget.spend(stream, is_page_content=stream.objgen in contents)


def _contents(page: pikepdf.Object) -> list[pikepdf.Object]:
    value = page.get("/Contents")
    parts = list(value) if isinstance(value, pikepdf.Array) else [value]
    return [part for part in parts if isinstance(part, pikepdf.Stream)]


def _settle(
    pdf: pikepdf.Pdf,
    source: Path,
    target: Path,
    raw: bytes,
    *,
    pages: list[pikepdf.Object],
    plain: bool,
    signed: bool,
    most: int,
) -> str:
    """Give "strict" where the file can be signed as it is, "repaired" where `target` can; refuse the rest.

    `plain`: nothing stands around the document, and qpdf read it without a word. What one reader has to mend, another
    leaves out.
    """
    try:
        page_tree.check_tree_is_exact(pdf, pages)
        if not signed:
            page_tree.check_annotations_are_there(pdf, pages)
        _check_soundness(source, raw, pages=len(pages), plain=plain)
    except Unsound as unsound:
        if signed:
            raise Objection(Label.SIGNED_UNSOUND, str(unsound)) from unsound
    else:
        return "strict"
    repair.rewrite(pdf, target, raw=raw, most=most)
    try:
        _check_soundness(target, target.read_bytes(), pages=len(pages))
    except Unsound as unsound:
        target.unlink()
        raise Objection(Label.DAMAGED, str(unsound)) from unsound
    return "repaired"


def _check_soundness(path: Path, raw: bytes, *, pages: int, plain: bool = True) -> None:
    if not plain:
        raise Unsound("something around the document, or something in it that a reader has to mend")
    try:
        with path.open("rb") as content:
            soundness.check_soundness(content, raw, pages=pages)
    except (Objection, Unsound, MemoryError):
        raise
    except Exception as error:  # the strict reader raises anything on odd files (reference: Intake)
        raise Unsound(f"{type(error).__name__}: {error}") from error


def _tokens(found: objects.Findings, *, layered: bool, signatures: int, unprinted: int) -> list[str]:
    counted = [("attachments", found.attachments), ("signatures", signatures), ("unprinted", unprinted)]
    marks = [("transparency", found.transparency), ("layers", layered)]
    return [f"{name}:{number}" for name, number in counted if number] + [name for name, seen in marks if seen]
