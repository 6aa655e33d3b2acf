"""Celery shell of call-backs; `signing.backend.jobs.sweep` rings it by its name."""

from celery import shared_task
from django.utils.timezone import now

from signing.backend.api import callbacks


@shared_task
def call_back(*, callback_id: str) -> None:
    callbacks.call_back(callback_id, at=now())
