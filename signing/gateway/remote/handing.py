"""Handing documents over to another CertSign: the newest file of each, once, with a place for its stamp."""

from collections.abc import Mapping
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext

from evidence import files
from signing.gateway.contract import Document, RequestRef
from signing.gateway.remote.answers import Placed
from signing.gateway.remote.calls import Service, Stamp
from signing.models import RemoteOrder, RemoteRequest

LEFT, BOTTOM, ABOVE = 36.0, 36.0, 48.0  # points: of the first stamp on the last page, and from one to the next


class OtherFile(Exception):
    """The newest file of a document is no longer the one that was handed over: it must not be signed there."""


def kept(order: RemoteOrder, n: int, document: Document) -> RemoteRequest:
    """The row of a document, made where there is none: from then on this is the file that is signed over there."""
    found = order.requests.filter(document=document.id).first()
    if found is None:
        size = document.newest.stat().st_size
        found = RemoteRequest.objects.create(
            order=order,
            document=document.id,
            n=n,
            presented_sha256=document.sha256,
            presented_size=document.size,
            pages=document.pages,
            handed_sha256=files.prefix_digest(document.newest, size),
            handed_size=size,
        )
    found.order = order
    return found


def hand_over(order: RemoteOrder, missing: Mapping[RemoteRequest, Document], service: Service) -> None:
    """Hand over what the other service does not have yet: an earlier call may have been heard without an answer.

    One call for each document: what one call may carry is limited. Raises what `service` raises.
    """
    placed = Placed(order.remote_id, order.word)
    there = {each.external_id: each for each in service.documents(placed)}
    for request, document in missing.items():
        found = there.get(request.external_id)
        if found is None:
            content = files.read(request.handed_sha256)
            found = service.add(placed, request.external_id, content, _stamp(order, document), otp=order.otp)
        request.remote_id = found.id
        request.save(update_fields=["remote_id"])


def check(revisions: Mapping[RequestRef, Path]) -> None:
    """The file that was handed over must be the newest still: a signature beside another one would leave it out.

    Raises `OtherFile`.
    """
    for reference, newest in revisions.items():
        request = RemoteRequest.objects.get(pk=int(reference))
        if newest.stat().st_size != request.handed_size or (
            files.prefix_digest(newest, request.handed_size) != request.handed_sha256
        ):
            raise OtherFile(f"request {request.pk}")


def _stamp(order: RemoteOrder, document: Document) -> Stamp | None:
    """The visible signature in lines, which any CertSign can draw: who, which dossier, which digits."""
    if document.stamp is None:
        return None
    digits = order.binding[:8]
    with translation.override(order.language):
        dossier = gettext("Dossier %(reference)s") % {"reference": order.reference}
        lines = [order.name, dossier, gettext("Empreinte %(digits)s") % {"digits": digits}]
    slot = int(document.stamp.get("slot", 0))
    return Stamp(document.pages, LEFT, BOTTOM + ABOVE * slot, lines)
