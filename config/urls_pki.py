"""What anybody reaches over plain HTTP: the PKI's lists and certificates, nothing else."""

from django.urls import path

from signing.backend.api import published

urlpatterns = [
    path("pki/<str:name>.crl", published.revocation_list, name="revocation_list"),
    path("pki/<str:name>.cer", published.issuer, name="issuer"),
    path("pki/cps.txt", published.practice_statement, name="practice_statement"),
]
