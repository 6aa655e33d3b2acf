"""The page on which anybody verifies a signed PDF. The file is never stored, and nothing of it is logged."""

import hashlib
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from evidence.verify import anchors
from evidence.verify.apart import Examiner, ExaminerGone, Limits
from evidence.verify.verdicts import FileReport
from evidence.views import told
from evidence.views.uploads import Unnamed

LIMITS = Limits(wall_seconds=15, cpu_seconds=12)
FORM_BYTES = 64 * 1024
"""What a form may be longer than its file."""
PATIENCE_SECONDS = 3.0

_places = BoundedSemaphore(1)
"""One verification at a time in each process: the rest of its threads serves those who sign."""


@csrf_exempt  # protected below, once it is settled where the file goes: the check itself reads the form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form; and what is said of the file that it brings."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.VERIFY_MAX_BYTES + FORM_BYTES:
        return _asked(request, error="too_large", status=413)
    request.upload_handlers = [Unnamed(request)]
    return _verify(request)


@never_cache
@require_safe
def later(request: HttpRequest) -> HttpResponse:
    """What the proxy answers to an address that sends more files than it may (docker/nginx.conf)."""
    return _later(request, status=429)


@csrf_protect
def _verify(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _asked(request)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _asked(request, error="no_file", status=422)
    if (file.size or 0) > settings.VERIFY_MAX_BYTES:
        return _asked(request, error="too_large", status=413)
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        return _later(request)
    try:
        return _answered(request, file)
    except ExaminerGone:
        return _later(request)
    finally:
        _places.release()


def _answered(request: HttpRequest, file: UploadedFile[Any]) -> HttpResponse:
    at, trusted = timezone.now(), anchors.at_hand()
    descriptor = file.fileno()
    with Examiner(LIMITS, descriptors=[descriptor]) as examiner:
        roots, path = anchors.Roots.of(trusted), Path(f"/dev/fd/{descriptor}")
        found: FileReport = examiner.examine(path, roots=roots.people, at=at, time_roots=roots.time)
    context = {
        "answer": told.answer(found, {anchor.sha256: anchor.why for anchor in trusted}),
        "at": at,
        "name": told.harmless(file.name or ""),
        "size": file.size,
        "sha256": hashlib.file_digest(file.open(), "sha256").hexdigest(),
    }
    return render(request, "verify/answer.html", context)


def _later(request: HttpRequest, *, status: int = 503) -> HttpResponse:
    response = _asked(request, error="busy", status=status)
    response.headers["Retry-After"] = "10"
    return response


def _asked(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    return render(request, "verify/verify.html", {"error": error, "most": settings.VERIFY_MAX_BYTES}, status=status)
