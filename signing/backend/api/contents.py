"""A document as it comes in JSON: base64 taken apart, its hash compared, judged by intake, frozen."""

import base64
import hashlib
import tempfile
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from django.conf import settings

from evidence import files
from signing.backend import opening
from signing.backend.added import Added
from signing.backend.api import bodies, proof_folder, visible
from signing.backend.api.errors import Label, Refused
from signing.backend.api.schemas import RequestBody
from signing.engine import intake
from signing.engine.levels import Level

DIGESTS = {40: "sha1", 64: "sha256", 28: "sha1", 44: "sha256"}
"""By the length of the text: the contract's and ours, in hexadecimal; then the same in base64."""
HEXADECIMAL = {40, 64}


def taken(bodies: Sequence[RequestBody], *, limits: intake.Limits) -> list[Added]:
    """Take the documents of one call in: all of them, or none. `limits`: what the client's are held to.

    Raises `Refused` (422) for base64, a hash or an image that is none, `intake.Refused` for a PDF.
    """
    work = Path(settings.WORK_DIR)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="service-") as folder:
        examined = [_examined(body, Path(folder) / str(n), limits) for n, body in enumerate(bodies)]
        for added, image in examined:
            files.take(added.accepted.path)
            if image:
                files.put_bytes(image)
    return [added for added, _ in examined]


def _examined(body: RequestBody, folder: Path, limits: intake.Limits) -> tuple[Added, bytes]:
    """One document, judged, with the image of its visible signature; its file is in `folder` still."""
    content = bodies.decoded(body.to_sign_content, name="toSignContent")
    _check_hash(content, body.hash)
    folder.mkdir()
    source = folder / "document.pdf"
    source.write_bytes(content)
    with files.flushing(source):
        accepted = intake.examine(source, workdir=folder, limits=limits)
    archive = {"accounts": body.archiver_names, "keywords": body.keywords} if body.enable_archive else None
    image = bodies.decoded(body.pdf_signature_options.signature_image_content, name="signatureImageContent")
    stamp = visible.asked(body.pdf_signature_options, image=image, pages=len(accepted.pages))
    if stamp is not None and image:
        stamp["image"] = hashlib.sha256(image).hexdigest()
    options = body.signature_options
    level, digest = Level(options.signature_type), options.digest_algorithm_name.lower()
    external_id = body.external_signature_request_id or None
    return Added(accepted, external_id, stamp, archive, level, digest), image


def proof(text: str) -> opening.Proof | None:
    """Keep the integrator's ZIP as it is; None where there is none. Raises `Refused` (422)."""
    if not text:
        return None
    return proof_folder.taken(bodies.decoded(text, name="proofFolder.zipFiles"))


def _check_hash(content: bytes, given: str) -> None:
    if not given:
        return
    algorithm = DIGESTS.get(len(given))
    digest = hashlib.new(algorithm, content, usedforsecurity=False).digest() if algorithm else b""
    if len(given) in HEXADECIMAL:
        is_same = digest.hex() == given.lower()
    else:
        is_same = bool(digest) and base64.b64encode(digest).decode() == given
    if not is_same:
        sentence = "hash n'est pas l'empreinte (SHA-1 ou SHA-256, en hexadécimal ou en base64) de ce document."
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.HASH, sentence)
