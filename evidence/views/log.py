"""What anybody may ask of the log: its last checkpoint, its key, and proofs. Plain text as C2SP defines it.

Nothing of a person is here: hashes, sizes and times. A leaf is asked for by its digest, which nobody guesses.
"""

import base64

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evidence import checkpoints, log
from evidence.checkpoints import Kept

TEXT = "text/plain; charset=utf-8"
TOKEN = "application/timestamp-reply"  # noqa: S105 - a media type


@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The last signed note."""
    return _text(_newest().note)


@require_safe
def token(_request: HttpRequest) -> HttpResponse:
    """The time-stamp token over the last note (DER)."""
    return HttpResponse(_newest().token, content_type=TOKEN, headers={"Cache-Control": "no-cache"})


@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    """The key that checks the notes, as verifiers take it."""
    return _text(f"{checkpoints.verifier_key()}\n")


@require_safe
def inclusion(_request: HttpRequest, digest: str) -> HttpResponse:
    """The proof that the entry of this digest is under the last checkpoint, which comes with it; else 404."""
    proof = checkpoints.proof(digest, _newest())
    if proof is None:
        raise Http404
    return _text(proof)


@require_safe
def consistency(_request: HttpRequest, older: int, size: int) -> HttpResponse:
    """The hashes that prove that the log of `size` entries continues that of `older`, one a line; else 404."""
    if not 1 <= older <= size <= _newest().size:
        raise Http404
    lines = [base64.b64encode(each).decode() for each in log.consistency(older, size)]
    return _text("".join(f"{line}\n" for line in lines))


def _newest() -> Kept:
    found = checkpoints.newest()
    if found is None:
        raise Http404
    return found


def _text(content: str) -> HttpResponse:
    return HttpResponse(content, content_type=TEXT, headers={"Cache-Control": "no-cache"})
