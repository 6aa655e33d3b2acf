"""Orders as they come over REST, by the service's own verbs, with real files and the real PKI."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils.timezone import now

from evidence import files, trail
from evidence.trail import Actor
from signing.backend import bare, jobs, opening
from signing.backend.added import Added
from signing.backend.models import Order, SignatureRequest
from signing.clients.models import Client
from signing.engine import intake
from tests.evidence import pki
from tests.pdfs import sound
from tests.signing import walks

MACHINE = Actor(role="client", request="r")
SERVICE = ("signing.backend.tasks.",)
ALL = ("signing.backend.tasks.", "evidence.tasks.")


def opened(**changes: Any) -> Order:
    """An order of the client EXS, who is made where it is not there."""
    pki.hold()
    wanted: dict[str, Any] = {
        "first_name": "Camille",
        "last_name": "Martin",
        "country": "FR",
        "email": "camille@exemple.fr",
        "mobile": "+33611111142",
        "otp": False,
        "channel": "email",
        "contact": "camille@exemple.fr",
        "external_id": None,
        "body_sha256": "",
    }
    client = Client.objects.filter(code="EXS").first() or walks.a_client(cooldown_seconds=0)
    return opening.open_order(client=client, opening=opening.Opening(**wanted | changes), actor=MACHINE, at=now())


def with_document(order: Order, folder: Path, *, pages: int = 1, **asked: Any) -> SignatureRequest:
    """A contract added to an order; `asked`: level, digest and stamp of its signature, its archive."""
    source = folder / f"{uuid.uuid4()}.pdf"
    source.write_bytes(sound.contract(pages))
    return with_file(order, source, **asked)


def with_file(order: Order, source: Path, **asked: Any) -> SignatureRequest:
    """A file added to an order, judged as any is; `asked`: as above."""
    accepted = intake.examine(source, workdir=source.parent)
    files.put(accepted.path)
    added = Added(accepted, None, asked.pop("stamp", None), asked.pop("archive", None), **asked)
    (request,) = bare.add_documents(order=order, documents=[added], actor=MACHINE, at=now())
    order.refresh_from_db()
    return request


def sign(order: Order, code: str | None = None, *, callback_url: str = "") -> Order:
    return bare.sign(
        order=order, code=code, try_id=uuid.uuid4().hex, callback_url=callback_url, actor=MACHINE, at=now()
    )


def later(order: Order) -> None:
    """The row's work is due now, as if its time had come."""
    Order.objects.filter(pk=order.pk).exclude(work="").update(work_due_at=now() - timedelta(seconds=1))


def run(order: Order) -> None:
    """The sweeper looks when the row's time has come, and workers do what it rings."""
    later(order)
    for each in jobs.sweep(now()):
        walks._rung.append(each)
    walks.work(kinds=SERVICE)
    order.refresh_from_db()


def ordered(folder: Path) -> Order:
    """An order of one document without a code, and what workers made of it."""
    order = opened()
    with_document(order, folder)
    sign(order)
    walks.work(kinds=ALL)
    order.refresh_from_db()
    return order


def given_up(order: Order) -> list[str]:
    """The certificates that were spent for nothing, by their states."""
    return [state for state in order.certificates.order_by("pk").values_list("state", flat=True) if state != "SPENT"]


def kinds(order: Order) -> list[str]:
    """The entries of an order's trail, by kind."""
    return [entry.kind for entry in trail.entries(order.trail)]
