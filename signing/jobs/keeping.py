"""How long envelopes are kept, and what goes of their rows when that is over."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from evidence.archive import elimination, rules
from evidence.archive.tenants import Tenant
from evidence.models import Deposit, Dossier, LegalHold, Trail
from signing.clients.models import Client
from signing.jobs import bundles
from signing.models import (
    AccessLink,
    Document,
    Envelope,
    ReadingBrowser,
    RemoteOrder,
    Revision,
    Signer,
    SignerConsent,
    Visit,
)
from signing.states import ENDED

BATCH = 50
GONE = "(effacé)"


def sweep(at: datetime) -> int:
    """Ask for the elimination of envelopes that have been kept long enough; gives how many were asked for."""
    asked = 0
    for client in Client.objects.all():
        for signed, years in ((True, client.retention_years), (False, client.retention_unsigned_years)):
            kept = over(client, signed=signed, before=elimination.years_before(at, years))[:BATCH]
            asked += rules.apply(kept, signed=signed, years=years, at=at)
    return asked


def over(client: Client, *, signed: bool, before: datetime) -> QuerySet[Envelope]:
    """The closed envelopes of a client from before an instant that nothing holds back any more.

    Signed is one in which anybody signed anything.
    """
    has_signature = Exists(Revision.objects.filter(document__envelope=OuterRef("pk")))
    rows = ready(Envelope.objects.filter(client=client, closed_at__lte=before))
    rows = rows.filter(has_signature if signed else ~has_signature)
    return rows.select_related("trail").order_by("closed_at")


def ready(rows: QuerySet[Envelope]) -> QuerySet[Envelope]:
    """Those of the envelopes that can go: closed, not held, with dossiers that are sealed and deposited."""
    trails = OuterRef("trail_id")
    held = LegalHold.objects.filter(trail=trails, lifted_at__isnull=True)
    unsealed = Dossier.objects.filter(trail=trails).exclude(state=Dossier.State.SEALED)
    waiting = Deposit.objects.filter(trail=trails, state=Deposit.State.QUEUED)
    running = Signer.objects.filter(envelope=OuterRef("pk")).exclude(state__in=ENDED)
    kept_back = Exists(held) | Exists(unsealed) | Exists(waiting) | Exists(running)
    return rows.filter(~kept_back, closed_at__isnull=False, trail__elimination__isnull=True)


def erase(trail: Trail, at: datetime) -> None:
    """Take people, titles and links out of the rows of an envelope; what is only a number or an instant stays."""
    envelope = Envelope.objects.filter(trail=trail).first()
    if envelope is None:
        return
    signers = Signer.objects.filter(envelope=envelope)
    AccessLink.objects.filter(signer__in=signers).delete()
    Visit.objects.filter(signer__in=signers).delete()
    signers.update(first_name="", last_name=GONE, email="", mobile="", code_masked="", sealed_code="")
    SignerConsent.objects.filter(signer__in=signers).update(typed="")
    ReadingBrowser.objects.filter(signer__in=signers).delete()
    RemoteOrder.objects.filter(trail=trail).update(name=GONE, contact="")
    Document.objects.filter(envelope=envelope).update(title=GONE)
    Envelope.objects.filter(pk=envelope.pk).update(purpose="", external_reference="", eliminated_at=at)
    for bundle in envelope.bundles.all():
        bundles.remove(bundle)


def needs(trail: Trail, sha256s: set[str]) -> set[str]:
    """Files that documents or signed files of other envelopes are, too."""
    others = Envelope.objects.filter(eliminated_at__isnull=True).exclude(trail=trail)
    documents = Document.objects.filter(envelope__in=others, sha256__in=sha256s)
    revisions = Revision.objects.filter(document__envelope__in=others, sha256__in=sha256s)
    return {*documents.values_list("sha256", flat=True), *revisions.values_list("sha256", flat=True)}


TENANT = Tenant(erase=erase, needs=needs)
