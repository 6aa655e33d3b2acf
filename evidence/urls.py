"""URLs of the proof that are everybody's."""

from django.urls import path

from evidence.views import verification

urlpatterns = [path("verify/", verification.verify, name="verify")]
