"""What anybody reaches over plain HTTP: the PKI's lists and certificates, and where SMS gateways report."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from signing.backend.api import published

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("otp.urls")),
    path("pki/<str:name>.crl", published.revocation_list, name="revocation_list"),
    path("pki/<str:name>.cer", published.issuer, name="issuer"),
    path("pki/cps.txt", published.practice_statement, name="practice_statement"),
]


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names them
    """No page: the people's has links and styles that this listener does not serve."""
    return HttpResponse(status=404)


handler404 = "config.urls_pki.not_found"
