"""Health: alive, and ready (database, broker, disk, the worker's heartbeat). No key is opened here."""

import os
import tempfile
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, JsonResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from evidence.models import Heartbeat


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"live": True})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """200 where everything a signature needs was good a moment ago, else 503 with what is not."""
    checks = {"database": _database(now()), "broker": _broker(), "disk": _disk(), "worker": _worker(now())}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database(at: datetime) -> bool:
    try:
        with transaction.atomic():
            Heartbeat.objects.update_or_create(name="web", defaults={"at": at, "good": True})
    except DatabaseError:
        return False
    return True


def _broker() -> bool:
    try:
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=0, timeout=1)
    except (OperationalError, OSError):
        return False
    return True


def _disk() -> bool:
    try:
        with tempfile.TemporaryFile(dir=settings.STATE_DIR) as file:
            file.write(b"ready")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


def _worker(at: datetime) -> bool:
    try:
        beat = Heartbeat.objects.filter(name="worker").first()
    except DatabaseError:
        return False
    fresh = at - timedelta(seconds=settings.HEARTBEAT_MAX_AGE_SECONDS)
    return bool(beat and beat.good and beat.at >= fresh)
