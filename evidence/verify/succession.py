"""Addenda that a container lost from its end: what only the journal of the installation can tell."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext

from evidence.models import Addendum, Dossier
from evidence.verify.loop import ContainerReport


def told(report: ContainerReport) -> dict[str, Any]:
    """How many addenda are in a container, and how many this installation has sealed (None: it does not keep it).

    Fewer is no fault of a container: it may have been given out before the others were made. It is told in words.
    """
    sealed = _sealed(report.xml_sha256)
    said: dict[str, Any] = {"contained": report.addenda, "sealed": sealed}
    if sealed is None:
        return said | {"reason": gettext("Non vérifiable ici : cette installation ne tient pas ce dossier.")}
    missing = list(range(report.addenda + 1, sealed + 1))
    if not missing:
        return said
    reason = gettext("Des addenda scellés depuis ne sont pas dans ce conteneur.")
    return said | {"missing": missing, "reason": reason}


def _sealed(xml_sha256: str) -> int | None:
    try:
        row = Dossier.objects.filter(state=Dossier.State.SEALED, xml_sha256=xml_sha256).first() if xml_sha256 else None
        return Addendum.objects.filter(dossier=row, sealed_at__isnull=False).count() if row else None
    except DatabaseError:
        return None
