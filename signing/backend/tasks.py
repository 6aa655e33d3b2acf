"""Celery shells of the signing service: ids in, one job called, what follows is rung."""

import os
import socket
import uuid
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils.timezone import now

from evidence import bell
from evidence.models import Heartbeat
from otp import alarms, caps
from otp.draining import drain
from otp.seats import FOR_CODES
from signing.backend import alone, jobs, keeping
from signing.backend import heartbeat as beats
from signing.clients import expiry


@shared_task
def heartbeat() -> None:
    beats.beat(now())


@shared_task
def send_code(*, order_id: str) -> None:
    """The code of this order, and the others that are due beside it, where a seat is free."""
    sent = drain(
        order_id,
        seats=FOR_CODES,
        due=lambda: jobs.due_codes(now()),
        send=lambda row: jobs.send_code(row, clock=now),
        again=lambda row: bell.Next("signing.backend.tasks.send_code", {"order_id": row}),
    )
    bell.ring(*sent)


@shared_task
def sign_order(*, order_id: str) -> None:
    owner = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:12]}"
    bell.ring(*jobs.sign(order_id, owner=owner, clock=now))


@shared_task
def send_alone(*, challenge_id: str) -> None:
    """This code, and the others that are due beside it, where a seat is free."""
    sent = drain(
        challenge_id,
        seats=FOR_CODES,
        due=lambda: jobs.alone_beside(challenge_id, now()),
        send=lambda row: alone.send(row, clock=now),
        again=lambda row: bell.Next(jobs.SEND_ALONE, {"challenge_id": row}),
    )
    bell.ring(*sent)


@shared_task
def keep() -> None:
    if Heartbeat.turn("keep-orders", every=timedelta(seconds=settings.KEEPING_SECONDS / 2), at=now()):
        keeping.sweep(now())
        expiry.watch(now())
        keeping.forget_codes(now())
        caps.forget(now())
        alarms.forget(now())


@shared_task
def sweep() -> None:
    if Heartbeat.turn("sweep-orders", every=timedelta(seconds=settings.SWEEP_SECONDS / 2), at=now()):
        bell.ring(*jobs.sweep(now()))
