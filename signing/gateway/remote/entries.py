"""What the trail tells of an order at another CertSign: what it says (source `provider`), and our check of its files.

Nothing is written of what nobody here saw: the certificate's request, the key, the digits in the message.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from evidence import addenda, bell, chain, events, files, timestamps, trail
from evidence.verify.received import Received
from signing.gateway.remote.answers import Placed
from signing.models import RemoteOrder, RemoteRequest


def told(order: RemoteOrder, event: events.Event, *, at: datetime) -> None:
    """Add what the other service says, inside the caller's transaction; to a sealed dossier as an addendum."""
    follow = addenda.tell(order.trail, order.signer, event, actor=trail.SYSTEM, at=at, source="provider")
    bell.ring(*follow)


def opened(order: RemoteOrder, placed: Placed) -> None:
    """Keep the order's id over there, once, with the entry that tells of it."""
    with transaction.atomic():
        if RemoteOrder.objects.filter(pk=order.pk, remote_id="").update(remote_id=placed.id, word=placed.word):
            order.refresh_from_db()
            told(order, order_told(order, placed.word), at=now())


def closed(order: RemoteOrder, word: str) -> None:
    """Keep that an order has ended over there; one that is signed is not given up, it is fetched."""
    if word == "CLOSED":
        return
    at = now()
    with transaction.atomic():
        if (
            RemoteOrder.objects.filter(pk=order.pk, discarded_at=None).update(discarded_at=at, word=word)
            and order.remote_id
        ):
            told(order, order_told(order, word), at=at)


def order_told(order: RemoteOrder, word: str) -> events.Event:
    to: Mapping[str, Any] = settings.CERTSIGN
    return events.OrderTold(
        signer=order.signer, service=to["name"], url=to["url"], order=order.remote_id, status=word[:40]
    )


def code_sent(order: RemoteOrder, *, n: int, certain: bool) -> events.Event:
    return events.CodeSent(
        signer=order.signer,
        n=n,
        channel=_channel(order),
        message_id="",
        answered=None if certain else False,
        recipient=order.contact,
    )


def code_undelivered(order: RemoteOrder) -> events.Event:
    return events.CodeUndelivered(
        signer=order.signer, n=order.codes + 1, channel=_channel(order), final=True, recipient=order.contact
    )


def rejected(order: RemoteOrder, request: RemoteRequest, *, sha256: str, check: str, at: datetime) -> None:
    """Add that a file was not taken, inside the caller's transaction: this is ours to say."""
    event = events.SignatureRejected(signer=order.signer, document=request.document, sha256=sha256, check=check)
    trail.append(order.trail, event, actor=trail.SYSTEM, at=at)


def signed(order: RemoteOrder, taken: Mapping[RemoteRequest, Received], *, at: datetime) -> None:
    """Add certificate, signatures and checks of a signed order, inside the caller's transaction."""
    first = next(iter(taken.values()))
    told(order, _certificate(order, first), at=at)
    told(order, _revocation(order, first), at=at)
    for request, received in taken.items():
        for event in _of_document(order, request, received):
            told(order, event, at=at)
        verified = events.SignatureVerified(
            signer=order.signer, document=request.document, sha256=request.sha256, checks=list(received.checks)
        )
        trail.append(order.trail, verified, actor=trail.SYSTEM, at=at)
    told(order, order_told(order, order.word), at=at)


def keep(received: Received) -> None:
    """Store what a dossier needs of a signature besides the file: tokens, certificates above it, its list."""
    for der in (*received.tokens, *received.issued.chain, received.revoked.der):
        files.put_bytes(der)


def _certificate(order: RemoteOrder, received: Received) -> events.Event:
    issued = received.issued
    return events.CertificateIssued(
        signer=order.signer,
        serial=issued.serial,
        sha256=issued.sha256,
        spki_sha256=issued.spki_sha256,
        issuer=issued.issuer,
        issuer_sha256=hashlib.sha256(issued.chain[0]).hexdigest(),
        root_sha256=hashlib.sha256(issued.chain[-1]).hexdigest(),
        policy=issued.policy,
        not_before=chain.instant(issued.not_before),
        not_after=chain.instant(issued.not_after),
        certificate=issued.pem,
        subject=issued.subject,
    )


def _revocation(order: RemoteOrder, received: Received) -> events.Event:
    revoked = received.revoked
    return events.RevocationCollected(
        signer=order.signer,
        issuer=revoked.issuer,
        number=revoked.number,
        this_update=chain.instant(revoked.this_update),
        next_update=chain.instant(revoked.next_update),
        sha256=hashlib.sha256(revoked.der).hexdigest(),
    )


def _of_document(order: RemoteOrder, request: RemoteRequest, received: Received) -> Iterator[events.Event]:
    yield events.SignatureMade(
        signer=order.signer,
        document=request.document,
        sha256=request.sha256,
        bytes=request.size,
        presented_sha256=request.presented_sha256,
        prefix_length=request.presented_size,
        byte_range=list(received.byte_range),
        signature_sha256=received.signature_sha256,
        field=received.field,
        level=received.level,
    )
    yield _token(order, request, "signature", received.tokens[0])
    yield _token(order, request, "document", received.tokens[1])


def _token(
    order: RemoteOrder, request: RemoteRequest, over: Literal["signature", "document"], der: bytes
) -> events.Event:
    facts = timestamps.token_facts(der)
    return events.TimestampObtained(
        signer=order.signer,
        document=request.document,
        over=over,
        time=chain.instant(facts.time),
        policy=facts.policy,
        serial=f"{facts.serial:x}",
        authority=facts.authority,
        token_sha256=facts.sha256,
    )


def _channel(order: RemoteOrder) -> events.ChannelName:
    return "sms" if order.channel == "sms" else "email"
