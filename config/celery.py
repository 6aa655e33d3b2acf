"""The Celery application: the bell, never the queue of record."""

import os

from celery import Celery
from celery.signals import worker_ready

from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

broker.register()
app = Celery("paraphe")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def first_heartbeat(**_signal: object) -> None:
    """Ask for a heartbeat at once: beat's first would come ten seconds later, and /health/ready waits for it."""
    app.send_task("signing.backend.tasks.heartbeat")
