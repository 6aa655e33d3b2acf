"""Who calls the service: the client of the certificate that TLS has verified. Nothing answers without one.

A client code, where one is given (header X-Client-Code, ours), and the network must be that client's, too.
"""

import ssl
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from signing.backend.api import edge, errors, places
from signing.backend.api.errors import Label, Refused
from signing.clients import certificates, documents, networks
from signing.clients.models import Client


class Caller:
    """Middleware of the service listener: puts the client on the request as `caller`, or answers 401."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with places.at_work():
            return self._answered(request)

    def _answered(self, request: HttpRequest) -> HttpResponse:
        try:
            client = certificates.client_of(presented(request), at=now())
        except certificates.NotAdmitted as error:
            return errors.refusal(HTTPStatus.UNAUTHORIZED, Label.CERTIFICATE, str(error))
        except DatabaseError:
            return errors.unavailable()
        refused = _mismatch(client, request)
        if refused is not None:
            return refused
        try:
            edge.check_body(request, documents.longest_body(client))
        except Refused as refusal:
            return refusal.answer()
        request.caller = client  # type: ignore[attr-defined]  # ours
        return self.get_response(request)


def _mismatch(client: Client, request: HttpRequest) -> HttpResponse | None:
    """What speaks against the certificate: another client's code, or a network that is not the client's."""
    code = request.headers.get("X-Client-Code")
    if code is not None and code != client.code:
        sentence = "Ce code client n'est pas celui du certificat présenté."
        return errors.refusal(HTTPStatus.FORBIDDEN, Label.CLIENT_CODE, sentence)
    if not networks.admits(client.networks, request.META.get("REMOTE_ADDR", "")):
        sentence = "Ce client n'appelle pas depuis cette adresse."
        return errors.refusal(HTTPStatus.FORBIDDEN, Label.NETWORK, sentence)
    return None


def presented(request: HttpRequest) -> bytes | None:
    """The DER of the certificate that the TLS server in front of us has verified; None without one.

    With BEHIND_PROXY that server is nginx, which overwrites the header X-Client-Cert (escaped PEM) and alone reaches
    our socket; else it is gunicorn, and the header is anybody's.
    """
    if settings.BEHIND_PROXY:
        try:
            return ssl.PEM_cert_to_DER_cert(unquote(request.headers.get("X-Client-Cert", "")))
        except ValueError:
            return None
    connection: Any = request.META.get("gunicorn.socket")
    der: bytes | None = connection.getpeercert(binary_form=True) if isinstance(connection, ssl.SSLSocket) else None
    return der
