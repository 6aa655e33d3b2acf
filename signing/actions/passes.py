"""A person comes from the client's own site, which says that they were logged in there."""

from datetime import datetime

from django.db import transaction

from evidence import chain, events, trail
from evidence.trail import Actor
from signing.clients.passes import Pass
from signing.models import AccessLink, Signer


class Used(Exception):
    """This pass has opened the path already; each opens it once."""


def take_pass(*, signer: Signer, given: Pass, actor: Actor, at: datetime) -> AccessLink:
    """Use a pass up, and record what the client asserts; gives the link that it now is. Raises `Used`."""
    event = events.LoginAsserted(
        signer=str(signer.public_id),
        means=given.means,
        asserted_at=chain.instant(given.at),
        account=given.account,
        payment=given.payment or None,
    )
    with transaction.atomic():
        link, new = AccessLink.objects.get_or_create(
            digest=given.digest, defaults={"signer": signer, "means": AccessLink.Means.PASS, "created_at": at}
        )
        if not new:
            raise Used
        Signer.objects.filter(pk=signer.pk).update(return_url=given.back)
        trail.append(signer.envelope.trail, event, actor=actor, at=at, source="client")
    return link
