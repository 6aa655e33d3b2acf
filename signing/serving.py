"""Serving PDF bytes: whole or one range (RFC 9110, 14), strong ETag, never compressed, never in shared caches.

Where nginx stands before us and reads the files (FILES_BY_PROXY), whether somebody may have them, the 304 and every
header are decided here as ever, and the bytes are left to it (`X-Accel-Redirect`, docker/nginx.conf).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

CHUNK = 64 * 1024
BY_PROXY = "/.files/"
"""Where nginx finds the files; a location that only an answer of ours leads to."""
ONE_RANGE = re.compile(r"^bytes=([0-9]{0,18})-([0-9]{0,18})$")


def pdf_response(request: HttpRequest, path: Path, *, sha256: str, name: str = "") -> HttpResponse:
    """Answer 200, 206, 304 or 416 for a frozen file; `name` makes it a download under that name."""
    etag = f'"{sha256}"'
    response: HttpResponseBase
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = _handed_over(path) if settings.FILES_BY_PROXY else _answer(request, path, etag)
        response.headers["Content-Type"] = "application/pdf"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"' if name else "inline"
    response.headers["ETag"] = etag
    if "X-Accel-Redirect" not in response.headers:  # nginx says it for what it sends
        response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response  # type: ignore[return-value]  # streaming and plain responses share all that middleware uses


def _handed_over(path: Path) -> HttpResponse:
    """An answer without a body: nginx sends the file, whole or the range asked for. Raises ValueError for another."""
    place = path.relative_to(settings.FILES_DIR)
    return HttpResponse(headers={"X-Accel-Redirect": f"{BY_PROXY}{place.as_posix()}"})


def _answer(request: HttpRequest, path: Path, etag: str) -> HttpResponseBase:
    size = path.stat().st_size
    asked = request.headers.get("Range", "")
    if not asked or request.headers.get("If-Range", etag) != etag:
        return _stream(path, 0, size - 1, status=200)
    limits = _limits(asked, size)
    if limits is None:
        return _stream(path, 0, size - 1, status=200)
    first, last = limits
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = _stream(path, first, last, status=206)
    response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _stream(path: Path, first: int, last: int, *, status: int) -> StreamingHttpResponse:
    """The file is opened when the first chunk is asked for, so an answer nobody reads holds nothing open."""
    length = {"Content-Length": str(last - first + 1)}
    return StreamingHttpResponse(_slice(path, first, last), status=status, headers=length)


def _limits(asked: str, size: int) -> tuple[int, int] | None:
    """First and last octet of one range; None for what may be ignored; first > last where it cannot be met."""
    match = ONE_RANGE.match(asked)
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return (max(size - int(last), 0), size - 1) if int(last) else (1, 0)
    if int(first) >= size:
        return 1, 0
    return int(first), min(int(last), size - 1) if last else size - 1


def _slice(path: Path, first: int, last: int) -> Iterator[bytes]:
    left = last - first + 1
    with path.open("rb") as stream:
        stream.seek(first)
        while left and (chunk := stream.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
