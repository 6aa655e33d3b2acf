"""A document as it comes in JSON: base64 taken apart, its hash compared, judged by intake, frozen."""

import base64
import binascii
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from PIL import Image

from evidence import files
from signing.backend import bare, opening
from signing.backend.api.errors import Label, Refused
from signing.backend.api.schemas import PdfSignatureOptions, RequestBody
from signing.engine import intake

DIGESTS = {40: "sha1", 64: "sha256"}  # by the length of the hex: the contract's, and ours


def taken(bodies: Sequence[RequestBody]) -> list[bare.Added]:
    """Take the documents of one call in: all of them, or none.

    Raises `Refused` (422) for base64, a hash or an image that is none, `intake.Refused` for a PDF.
    """
    work = Path(settings.WORK_DIR)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="service-") as folder:
        added = [_examined(body, Path(folder) / str(n)) for n, body in enumerate(bodies)]
        for each in added:
            files.put(each.accepted.path)
    return added


def _examined(body: RequestBody, folder: Path) -> bare.Added:
    """One document, judged; its file is in `folder` still."""
    content = decoded(body.to_sign_content, name="toSignContent")
    _check_hash(content, body.hash)
    folder.mkdir()
    source = folder / "document.pdf"
    source.write_bytes(content)
    accepted = intake.examine(source, workdir=folder)
    archive = {"accounts": body.archiver_names, "keywords": body.keywords} if body.enable_archive else None
    stamp = _stamp(body.pdf_signature_options, pages=len(accepted.pages))
    return bare.Added(accepted, body.external_signature_request_id or None, stamp, archive)


def proof(text: str) -> opening.Proof | None:
    """Keep the integrator's ZIP as it is; None where there is none. Raises `Refused` (422) for what is no ZIP."""
    if not text:
        return None
    content = decoded(text, name="proofFolder.zipFiles")
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, "proofFolder.zipFiles n'est pas un ZIP.")
    return opening.Proof(files.put_bytes(content), len(content))


def decoded(text: str, *, name: str) -> bytes:
    """Base64, with or without line breaks and padding (RFC 4648, section 4); raises `Refused` (422)."""
    packed = "".join(text.split()).rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        sentence = f"{name} n'est pas du base64."
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, sentence) from error


def _stamp(options: PdfSignatureOptions, *, pages: int) -> dict[str, float] | None:
    """Where the visible signature goes; None for an invisible one. Raises `Refused` (422).

    What is drawn there is the platform's stamp: image and lines are checked, and not drawn yet.
    """
    if not options.is_visible:
        return None
    if options.signature_image_content:
        _check_image(decoded(options.signature_image_content, name="signatureImageContent"))
    place: dict[str, float] = {}
    if options.signature_page is not None:
        if not 1 <= options.signature_page <= pages:
            sentence = f"signaturePage : ce document a {pages} page(s)."
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, sentence)
        place["page"] = options.signature_page
    if options.signature_pos_x is not None and options.signature_pos_y is not None:
        place |= {"x": options.signature_pos_x, "y": options.signature_pos_y}
    return place


def _check_image(content: bytes) -> None:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            image.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        sentence = "signatureImageContent n'est pas une image PNG ou JPEG."
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, sentence) from error


def _check_hash(content: bytes, given: str) -> None:
    if not given:
        return
    algorithm = DIGESTS.get(len(given))
    if algorithm is None or hashlib.new(algorithm, content, usedforsecurity=False).hexdigest() != given.lower():
        sentence = "hash n'est pas l'empreinte (SHA-1 ou SHA-256, hexadécimal) de ce document."
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.HASH, sentence)
