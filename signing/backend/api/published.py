"""What the PKI publishes over plain HTTP: revocation lists, issuer certificates, the practice statement."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

LISTS = ("root", "issuing", "access")
SECONDS = 30


@require_safe
def revocation_list(_request: HttpRequest, name: str) -> HttpResponse:
    """A CA's newest list, DER (RFC 2585, section 4.2)."""
    return _answer(_read(f"{name}.crl") if name in LISTS else None, "application/pkix-crl")


@require_safe
def issuer(_request: HttpRequest, name: str) -> HttpResponse:
    """A CA's certificate, DER (RFC 2585, section 4.1)."""
    return _answer(_read(f"{name}.cer") if name in LISTS else None, "application/pkix-cert")


@require_safe
def practice_statement(_request: HttpRequest) -> HttpResponse:
    """The practice statement that every certificate names."""
    return _answer(_read("cps.txt"), "text/plain; charset=utf-8")


def _read(name: str) -> bytes | None:
    place = Path(settings.PKI_DIR) / name
    return place.read_bytes() if place.is_file() else None


def _answer(content: bytes | None, media_type: str) -> HttpResponse:
    if content is None:
        raise Http404
    return HttpResponse(content, content_type=media_type, headers={"Cache-Control": f"max-age={SECONDS}"})
