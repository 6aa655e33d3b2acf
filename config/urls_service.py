"""What clients' machines reach, with their certificate (signing.backend.api.callers). Everything answers JSON."""

from django.urls import path

from signing.backend.api import served
from signing.backend.api.service import api
from signing.views import health

urlpatterns = [
    path("health/live", health.live, name="live"),
    path("openapi.json", served.description, name="description"),
    path("", api.urls),
]

handler400 = "signing.backend.api.errors.bad_request"
handler403 = "signing.backend.api.errors.forbidden"
handler404 = "signing.backend.api.errors.not_found_page"
handler500 = "signing.backend.api.errors.failed"
