"""What clients' machines reach, with their certificate (signing.backend.api.callers). Everything answers JSON."""

from django.urls import path

from signing.views import health

urlpatterns = [path("health/live", health.live, name="live")]

handler400 = "signing.backend.api.errors.bad_request"
handler403 = "signing.backend.api.errors.forbidden"
handler404 = "signing.backend.api.errors.not_found"
handler500 = "signing.backend.api.errors.failed"
