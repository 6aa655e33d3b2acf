"""URLs of the path. A path is found by its public id and opened by the session; only landing URLs carry a token."""

from django.urls import path

from signing.views import code, complaint, documents, handed_over, health, landing, pages, signature, wishes

urlpatterns = [
    path("", pages.start, name="start"),
    path("a/<str:token>", landing.landing, name="landing"),
    path("m/<uuid:path>/<slug:wish>/<slug:code>", wishes.wish, name="wish"),
    path("h/<slug:code>", handed_over.handed_over, name="handed_over"),
    path("p/<uuid:path>/", documents.documents, name="documents"),
    path("p/<uuid:path>/presented/<int:n>.pdf", documents.presented, name="presented"),
    path("p/<uuid:path>/presented/<int:n>/<int:page>.webp", documents.pictured, name="pictured"),
    path("p/<uuid:path>/reading", documents.take_reading, name="reading"),
    path("p/<uuid:path>/standing", documents.how_it_stands, name="standing"),
    path("p/<uuid:path>/declare", documents.declare, name="declare"),
    path("p/<uuid:path>/consent", documents.consent, name="consent"),
    path("p/<uuid:path>/sign", documents.sign, name="sign"),
    path("p/<uuid:path>/refuse", signature.refuse_page, name="refuse"),
    path("p/<uuid:path>/refused", signature.refused, name="refused"),
    path("p/<uuid:path>/code", code.sign_code, name="sign_code"),
    path("p/<uuid:path>/code/resend", code.resend, name="resend"),
    path("p/<uuid:path>/code/mail", code.by_mail, name="by_mail"),
    path("p/<uuid:path>/code/status", code.code_status, name="code_status"),
    path("p/<uuid:path>/progress", signature.progress, name="progress"),
    path("p/<uuid:path>/progress/status", signature.progress_status, name="progress_status"),
    path("p/<uuid:path>/done", signature.done, name="done"),
    path("p/<uuid:path>/signed/<int:n>.pdf", signature.signed, name="signed"),
    path("p/<uuid:path>/dossier.pdf", signature.dossier, name="dossier"),
    path("p/<uuid:path>/attestation.pdf", signature.attestation, name="attestation"),
    path("p/<uuid:path>/complaint", complaint.complaint, name="complaint"),
    path("p/<uuid:path>/stay", landing.stay, name="stay"),
    path("p/<uuid:path>/leave", landing.leave, name="leave"),
    path("p/<uuid:path>/closed", signature.closed, name="closed"),
    path("conditions/", pages.terms, name="terms"),
    path("conditions/<str:version>/", pages.terms_version, name="terms_version"),
    path("conditions/<str:version>/<str:language>.txt", pages.terms_text, name="terms_text"),
    path("aide/", pages.help_page, name="help"),
    path("donnees/", pages.privacy, name="privacy"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]
