"""Every signature field of a file that is filled, whatever the form of what fills it.

PyHanko leaves out, with a line in a log, signatures whose `/SubFilter` it does not know: forms that were withdrawn, and
those of single products. Beside another signature nobody would miss them, be they broken or not.
"""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature

from evidence.verify.values_in_place import take_values_in_place

take_values_in_place()

_KNOWN = {each.value for each in SigSeedSubFilter}


def filled(reader: Any) -> list[EmbeddedPdfSignature]:
    """Give the signatures of a file in signing order. Raises what pyHanko raises on forms that it knows."""
    fields = enumerate_sig_fields(reader, filled_status=True)
    others = [_read(reader, field, name) for name, value, field in fields if not _is_known(value)]
    return sorted((*reader.embedded_signatures, *others), key=lambda each: each.signed_revision)


def _is_known(value: Any) -> bool:
    return value.get_object().get("/SubFilter") in _KNOWN


def _read(reader: Any, field: Any, name: str) -> EmbeddedPdfSignature:
    try:
        return EmbeddedPdfSignature(reader, field, name)
    except PdfReadError:
        raise
    except Exception:  # noqa: BLE001 asn1crypto raises anything on what is no CMS
        return WithoutMessage(reader, field, name)


class WithoutMessage(EmbeddedPdfSignature):
    """A signature that is no CMS: of what is in it nothing is read, what followed it can be told (`old_forms`)."""

    def __init__(self, reader: Any, sig_field: Any, fq_name: str) -> None:
        field = sig_field.get_object()
        value = field["/V"]
        self.reader, self.sig_field, self.sig_object, self.fq_name = reader, field, value, fq_name
        self.byte_range, self.pkcs7_content = value["/ByteRange"], bytes(value["/Contents"])
        self.signed_data = self.signer_info = None
        self.md_algorithm = self.external_md_algorithm = "sha1"
        self.signed_revision = reader.xrefs.get_last_change(field.raw_get("/V").reference)
        self.coverage = self.diff_result = self.tst_signature_digest = None
        self.external_digests: dict[str, bytes] = {}
        self._docmdp = self._fieldmdp = None
        self._docmdp_queried = self._fieldmdp_queried = self._integrity_checked = False
