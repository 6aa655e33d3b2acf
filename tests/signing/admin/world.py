"""Two clients with an envelope each, their people, and a row of everything that the administration shows."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client as Http
from django.utils.timezone import now

from evidence import files
from evidence.models import Deposit, Dossier, Elimination, RollUp
from otp.models import Alarm, Message, Policy
from signing.actions import bundles, drafts
from signing.backend import alone
from signing.backend.challenges import Challenge
from signing.backend.models import Callback
from signing.clients.models import AccessCertificate, Application, Client, ConsentText, Look, Terms
from signing.models import Bundle, Document, Envelope
from tests.backend import bare_orders
from tests.pdfs import sound
from tests.signing import walks
from tests.signing.admin import people
from tests.signing.admin.test_envelopes import sealed
from tests.signing.views.browser import Browser


@dataclass(frozen=True)
class World:
    """Rows of the client EXS, and everybody's browser."""

    ids: dict[str, object]
    browsers: dict[str, Http]
    exs: Client


def made(walk: Path) -> World:
    """A signed and sealed envelope, an open one and a draft of EXS; AUT has a member and nothing else."""
    exs = walks.a_client("EXS")
    aut = Client.objects.create(code="AUT", name="Autre SARL", policy=exs.policy, created_at=now())
    created = walks.an_envelope(walk, client=exs)
    walks.signed(created)
    sealed(created.envelope)
    a_rollup(created.envelope)
    waiting = walks.an_envelope(walk, client=exs)
    draft = drafts.open_draft(client=exs, at=now())
    drafts.keep_typed(draft=draft, typed=sound_typing(), at=now())
    drafts.add_document(
        draft=draft, content=[sound.contract(1)], filename="Bail confidentiel.pdf", role=Document.Role.TO_SIGN
    )
    julie = people.a_member("julie", exs)
    third = people.a_member("jeanne", exs)
    ids = {
        "envelope": created.envelope.pk,
        "bundle": a_bundle(created.envelope, julie).public_id,
        "elimination": an_elimination(created.envelope).pk,
        "deposit": a_deposit(created.envelope).pk,
        "stopped": a_stopped_dossier(waiting.envelope).pk,
        "open": waiting.envelope.pk,
        "draft": draft.public_id,
        "client": exs.pk,
        "callback": a_callback(exs).pk,
        "challenge": a_challenge(exs).pk,
        "look": Look.objects.create(client=exs, label="Signé pour Exemple SA par").pk,
        "application": Application.objects.create(client=exs, code="A", sender="Exemple", text="{code}").pk,
        "user": third.pk,
        "policy": Policy.objects.get().pk,
        "text": ConsentText.objects.first().pk,  # type: ignore[union-attr]  # a_client made some
        "terms": Terms.objects.first().pk,  # type: ignore[union-attr]  # and those
        "access": AccessCertificate.objects.create(
            client=exs, fingerprint="a" * 64, serial="5f", not_before=now(), not_after=now() + timedelta(days=397)
        ).pk,
        "alarm": Alarm.objects.create(tenant="1", kind="SEQUENCE", day=now().date(), raised_at=now(), count=12).pk,
        "message": Message.objects.first().pk,  # type: ignore[union-attr]  # links were queued
        "envelope_type": ContentType.objects.get_for_model(Envelope).pk,
    }
    browsers: dict[str, Http] = {
        "own": people.browser_of(julie),
        "other": people.browser_of(people.a_member("paul", aut)),
        "nobody": people.browser_of(people.a_member("personne")),
        "operator": people.operator_browser(),
        "anonymous": Browser(),
    }
    return World(ids, browsers, exs)


def a_deposit(envelope: Envelope) -> Deposit:
    receipt = files.put_bytes(b"{}")
    return Deposit.objects.create(
        trail=envelope.trail,
        section="client-1",
        archive="vault",
        kind="dossier",
        subject=str(uuid.uuid4()),
        state=Deposit.State.KEPT,
        requested_at=now(),
        due_at=now(),
        kept_at=now(),
        archive_id="x",
        receipt_sha256=receipt,
    )


def a_rollup(envelope: Envelope) -> RollUp:
    pdf = files.put_bytes(b"%PDF-1.7 roll-up")
    return RollUp.objects.create(trail=envelope.trail, due_at=now(), pdf_sha256=pdf, sealed_at=now())


def a_stopped_dossier(envelope: Envelope) -> Dossier:
    return Dossier.objects.create(
        trail=envelope.trail, subject="x", state=Dossier.State.QUARANTINED, requested_at=now(), due_at=now()
    )


def an_elimination(envelope: Envelope) -> Elimination:
    pdf = files.put_bytes(b"%PDF-1.7 certificate")
    return Elimination.objects.create(trail=envelope.trail, rule="x", requested_at=now(), due_at=now(), pdf_sha256=pdf)


def a_bundle(envelope: Envelope, user: User) -> Bundle:
    bundle = bundles.request_bundle(envelopes=[envelope], user=user, actor=walks.CLIENT, at=now())
    bundle.path.parent.mkdir(exist_ok=True)
    bundle.path.write_bytes(b"PK")
    Bundle.objects.filter(pk=bundle.pk).update(state=Bundle.State.READY)
    return bundle


def a_callback(client: Client) -> Callback:
    order = bare_orders.opened()
    assert order.client == client
    return Callback.objects.create(order=order, url="https://x.example/", due_at=now(), created_at=now())


def a_challenge(client: Client) -> Challenge:
    wanted = alone.Wanted(channel="email", contact="confidentiel@exemple.fr", application="", external_id=None)
    return alone.ask(client=client, wanted=wanted, at=now())


def sound_typing() -> dict[str, str]:
    """What makes a draft complete."""
    person = {
        "first_name": "Camille",
        "last_name": "Martin",
        "email": "camille@exemple.fr",
        "language": "fr",
        "turn": "1",
    }
    day = (now() + walks.timedelta(days=5)).date().isoformat()
    typed = {"purpose": "Bail confidentiel", "deadline": day, "code_channel": "email", "signers": "1"}
    return typed | {f"signer-0-{name}": value for name, value in person.items()}
