"""What anybody reaches of the proof: verification, and the log."""

from django.urls import path, re_path

from evidence.views import log, verification

urlpatterns = [
    path("verify/", verification.verify, name="verify"),
    path("verify/later", verification.later, name="verify_later"),
    path("log/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("log/checkpoint.tsr", log.token, name="log_token"),
    path("log/key", log.key, name="log_key"),
    re_path(r"^log/inclusion/(?P<digest>[0-9a-f]{64})$", log.inclusion, name="log_inclusion"),
    path("log/consistency/<int:older>/<int:size>", log.consistency, name="log_consistency"),
]
