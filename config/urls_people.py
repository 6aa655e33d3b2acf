"""What people reach: the path, verification, the admin, and in the sandbox the mailbox."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from signing.backend.api import page
from signing.views import mailbox

handler500 = "signing.views.errors.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("service/", page.reference, name="service_reference"),
    path("service/openapi.json", page.description, name="service_description"),
    path("", include("otp.urls")),
    path("", include("evidence.urls")),
    path("", include("signing.urls")),
]

if "anymail" in settings.INSTALLED_APPS:  # with a secret: otherwise anybody could report
    urlpatterns.append(path("anymail/", include("anymail.urls")))

if settings.SANDBOX:
    urlpatterns += [
        path("sandbox/mailbox/", mailbox.mailbox, name="mailbox"),
        path("sandbox/mailbox/<str:name>", mailbox.message, name="mailbox_message"),
    ]
