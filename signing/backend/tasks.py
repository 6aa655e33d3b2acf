"""Celery shells of the signing service."""

from celery import shared_task
from django.utils.timezone import now

from signing.backend import heartbeat as beats


@shared_task
def heartbeat() -> None:
    beats.beat(now())
