"""Opening an order that came over REST: its row, its trail, who is to sign (certsign-api.md, Orders)."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from evidence import chain, conformity, events, trail
from evidence.trail import Actor
from otp import addresses
from signing.backend.models import Order
from signing.clients import models as clients
from signing.clients.models import Client
from signing.engine import names


class Clash(Exception):
    """The integrator's id is taken by another order, or by another document of this one."""


@dataclass(frozen=True)
class ProofFile:
    """One file of the client's ZIP: the name it has there, its SHA-256 and its octets once unpacked."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Proof:
    """What the client adds to the dossier: a ZIP among the frozen files, by its SHA-256, its octets, what it holds."""

    sha256: str
    size: int
    files: tuple[ProofFile, ...] = ()


@dataclass(frozen=True)
class Opening:
    """What an order is opened with. `body_sha256`: of the call, by which the same call again is known."""

    first_name: str
    last_name: str
    country: str
    email: str
    mobile: str
    otp: bool
    channel: str
    contact: str
    external_id: str | None
    body_sha256: str
    id_type: str = ""
    id_number: str = ""
    proof: Proof | None = None


def open_order(*, client: Client, opening: Opening, actor: Actor, at: datetime) -> Order:
    """Open an order; the same call with the same id of the integrator's gives the same order. Raises `Clash`."""
    known = _known(client, opening)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _opened(client, opening, actor, at)
    except IntegrityError:  # the same id, at the same moment
        known = _known(client, opening)
        if known is None:
            raise
        return known


def _known(client: Client, opening: Opening) -> Order | None:
    if opening.external_id is None:
        return None
    found = Order.objects.filter(client=client, bare=True, external_id=opening.external_id).first()
    if found is not None and found.body_sha256 != opening.body_sha256:
        raise Clash
    return found


def _opened(client: Client, opening: Opening, actor: Actor, at: datetime) -> Order:
    reference = clients.next_reference(client, year=at.year)
    journal = trail.open_trail(tenant=str(client.pk), reference=reference, at=at)
    order = Order.objects.create(
        client=client,
        signer=str(uuid.uuid4()),
        bare=True,
        external_id=opening.external_id,
        body_sha256=opening.body_sha256,
        email=addresses.coded(opening.email),
        mobile=opening.mobile,
        trail=journal,
        reference=reference,
        first_name=names.clean(opening.first_name),
        last_name=names.clean(opening.last_name),
        country=opening.country,
        otp=opening.otp,
        channel=opening.channel,
        contact=opening.contact,
        language="fr",
        created_at=at,
        expires_at=at + timedelta(days=settings.ENVELOPE_DAYS),
    )
    declared = events.SignerDeclared(
        signer=order.signer,
        n=1,
        declared_by="client",
        identity_check="none",
        first_name=opening.first_name,
        last_name=opening.last_name,
        email=opening.email,
        mobile=opening.mobile or None,
        language="fr",
        turn=1,
    )
    told = [_created(order, client, at), declared, *_extrinsic(order, opening)]
    trail.extend(journal, [(event, at) for event in told], actor=actor)
    return order


def _extrinsic(order: Order, opening: Opening) -> Iterator[events.Event]:
    """What the client knows of the person from elsewhere; nobody here checks it."""
    if opening.id_number or opening.id_type:
        number = {"number": opening.id_number} if opening.id_number else {}
        told = {"signer": order.signer, "type": opening.id_type or "identity_document", **number}
        yield events.ExtrinsicAdded.model_validate(told)
    if opening.proof is not None:
        proof = opening.proof
        yield events.ExtrinsicAdded(signer=order.signer, type="proof_folder", sha256=proof.sha256, bytes=proof.size)
        for each in proof.files:
            yield events.ExtrinsicAdded(
                signer=order.signer, type="proof_file", sha256=each.sha256, bytes=each.size, name=each.name
            )


def _created(order: Order, client: Client, at: datetime) -> events.EnvelopeCreated:
    return events.EnvelopeCreated(
        reference=order.reference,
        external_reference=order.external_id,
        client_code=client.code,
        client_name=client.name,
        operator=settings.OPERATOR["name"],
        operator_identifier=settings.OPERATOR["organization_identifier"],
        service_url=settings.PUBLIC_URL,
        software=f"Paraphe {settings.SOFTWARE_VERSION}",
        expires_at=chain.instant(order.expires_at or at),
        language=order.language,
        path_held_by="client",
        environment="sandbox" if client.is_test else None,
        conformity=conformity.stated(),
        contact_name=client.contact_name or None,
        contact_phone=client.contact_phone or None,
    )
