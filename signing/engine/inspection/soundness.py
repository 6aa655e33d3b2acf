"""Whether a PDF can be signed as it is: cross-references that all readers take in one way, the signer's own strict
reading, a check of every offset, and a rehearsal of the signature.

`strict=False` is never used, not even to look: where `/Size` is too small it numbers new objects over existing ones,
and what is signed is another text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.status import SignatureCoverageLevel

from evidence.sections.section import check_sections
from evidence.verify.filled import filled
from evidence.verify.generations import are_referred_to, lone_generations
from signing.engine.inspection import rehearsal
from signing.engine.inspection.causes import Objection, Unsound
from signing.engine.refusals import Label

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_WHOLE = (SignatureCoverageLevel.ENTIRE_REVISION, SignatureCoverageLevel.ENTIRE_FILE)
_DEEPEST_TREE = 64
_SHORTEST = 3
"""Octets of an object at the least: qpdf reads none whose number is above what a file of this size can hold."""


class _CrossReferences(Protocol):
    total_revisions: int
    hybrid_xrefs_present: bool

    def explicit_refs_in_revision(self, revision: int) -> set[object]: ...

    def __getitem__(self, reference: object) -> object: ...


def check_soundness(content: IO[bytes], raw: bytes, *, pages: int) -> int:
    """Give the number of signatures in place. Raises `Unsound`, or `Objection` where one of them is broken.

    `pages`: what qpdf counted; two readers that do not agree are one too many. The libraries may raise anything else,
    which the caller takes for unsound.
    """
    check_sections(raw)
    reader = PdfFileReader(content, strict=True)
    references = cast("_CrossReferences", reader.xrefs)
    if references.hybrid_xrefs_present:
        raise Unsound("hybrid cross-reference")
    if reader.trailer["/Size"] > len(raw) // _SHORTEST:
        raise Unsound("new objects would have numbers that readers take for an error")
    _check_offsets(references, raw)
    leaves = list(_leaves(reader.root.raw_get("/Pages"), 0))
    if len(leaves) != pages or len(set(leaves)) != pages:
        raise Unsound("two readers count the pages differently, or one page stands in the tree twice")
    signatures = filled(reader)
    for signature in signatures:
        _check_signature(signature)
    lone = lone_generations(reader)
    if lone and (not signatures or are_referred_to(reader, lone)):
        raise Unsound(f"{lone[0]} of a generation that follows none")
    rehearsal.rehearse(reader, raw, signed=bool(signatures))
    return len(signatures)


def _leaves(node: generic.PdfObject, depth: int) -> Iterator[generic.Reference]:
    """References of all pages, as the signer's reader finds them; qpdf mends the tree while it opens a file."""
    if not isinstance(node, generic.IndirectObject) or depth > _DEEPEST_TREE:
        raise Unsound("a node of the page tree is not indirect, or too deep")
    content: generic.DictionaryObject = cast("Any", node).get_object()
    if "/Kids" not in content:
        yield node.reference
        return
    for kid in content["/Kids"]:  # not get(): the array may be an object of its own, and that gives the reference
        yield from _leaves(kid, depth + 1)


def _check_offsets(references: _CrossReferences, raw: bytes) -> None:
    """Each entry in use points at the object it names; readers that search instead of trusting it would differ."""
    for revision in range(references.total_revisions):
        for reference in references.explicit_refs_in_revision(revision):
            place = references[reference]
            if isinstance(place, int) and not _is_object_at(raw, place, reference):
                raise Unsound(f"{reference} is not where the cross-reference says")


def _is_object_at(raw: bytes, place: int, reference: object) -> bool:
    found = _OBJECT.match(raw, place)
    number, generation = getattr(reference, "idnum", None), getattr(reference, "generation", None)
    return found is not None and (int(found[1]), int(found[2])) == (number, generation)


_OBJECT = re.compile(rb"\s*(\d{1,10})\s+(\d{1,5})\s+obj\b")


def _check_signature(signature: EmbeddedPdfSignature) -> None:
    """An earlier signature must cover a whole revision and match it; who made it is not judged here."""
    coverage = signature.evaluate_signature_coverage()
    gap = 2 * len(signature.pkcs7_content) + 2
    if coverage not in _WHOLE or signature.byte_range[2] != signature.byte_range[1] + gap:
        raise Objection(Label.SIGNATURE_BROKEN, f"coverage {coverage}")
    claimed = _claimed_digest(signature)
    if claimed is not None and claimed != signature.compute_digest():
        raise Objection(Label.SIGNATURE_BROKEN, "digest")


def _claimed_digest(signature: EmbeddedPdfSignature) -> bytes | None:
    """Digest of the byte range as the signature states it; None for the old forms that state it elsewhere."""
    if signature.signed_data is None:
        return None
    encapsulated = signature.signed_data["encap_content_info"]
    if encapsulated["content_type"].native == "tst_info":
        return bytes(encapsulated["content"].parsed["message_imprint"]["hashed_message"].native)
    if encapsulated["content"].native is not None:
        return None
    for attribute in signature.signer_info["signed_attrs"]:
        if attribute["type"].native == "message_digest":
            return bytes(attribute["values"][0].native)
    return None
