"""The signer's attestation: that a certificate was issued and what was signed, or how the path ended.

Of this signer alone: nothing of the other persons stands in it. Made with the dossier, from its facts, whatever the
outcome (evidence.md, Dossier 1 and 6): in sentences inside dossier.xml, and as a sheet that is a member of the
container.
"""

from datetime import datetime
from typing import Any

import rfc8785
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from evidence import chain
from evidence.archive import paper
from evidence.dossier import attested
from evidence.dossier.facts import DossierFacts
from evidence.dossier.language import spoken
from evidence.dossier.later import Attestation
from evidence.dossier.sentences import Voice


def stated(facts: DossierFacts, *, at: datetime) -> Attestation:
    """The element of dossier.xml: what is attested at `at`, in sentences of the language that is active."""
    operator, certificate = facts.parties.operator, facts.certificate
    with timezone.override(settings.TIME_ZONE_SHOWN):
        said = render_to_string("dossier/attestation.txt", _told(facts))
    return Attestation(
        at=chain.instant(at),
        operator=f"{operator.name} ({operator.identifier})",
        policy=(certificate.policy or None) if certificate else None,
        text=spoken().plain(said).strip(),
    )


def sealed(facts: DossierFacts, *, xml_sha256: str, at: datetime) -> str:
    """Draw, seal and store it in the language that is active; gives the SHA-256. Raises what seals raise."""
    return paper.sealed(
        "dossier/attestation.html",
        {**_told(facts), "xml_sha256": xml_sha256, "language": facts.language, "name": attested.NAME},
        content=rfc8785.dumps(attested.said(facts, xml_sha256=xml_sha256, at=chain.instant(at))),
        name=attested.NAME,
        reason=gettext("Attestation de {reference}").format(reference=facts.transaction.reference),
        at=at,
    )


def _told(facts: DossierFacts) -> dict[str, Any]:
    return {
        "facts": facts,
        "voice": Voice(facts, settings.TIME_ZONE_SHOWN),
        "documents": [(each, attested.signature(facts, each)) for each in facts.documents.document],
    }
