"""One structured log without personal data: JSON lines of allow-listed fields."""

import json
import logging
import os
import re
import socket
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("paraphe.request")

ALLOWED = (
    "request",
    "method",
    "route",
    "status",
    "ms",
    "job",
    "row",
    "attempt",
    "owner",
    "label",
    "outcome",
    "seconds",
    "count",
)
# Django writes the path (and with it a link's token) into the message of these; only their name and level pass.
SILENCED = ("django.request", "django.security", "django.server")


class JsonFormatter(logging.Formatter):
    """Writes time, level, logger, message and the allow-listed extras of a record, nothing else."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON; of an exception its class and the places in the code: its words may quote data."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _words(record),
        }
        if not record.name.startswith(SILENCED):  # their "request" is Django's object, whose words hold the path
            line |= {name: value for name in ALLOWED if (value := getattr(record, name, None)) is not None}
        if record.exc_info and record.exc_info[0] and record.exc_info[1]:
            line["error"] = record.exc_info[0].__name__
            line["places"] = _places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


class DailyFile(logging.Handler):
    """Writes each record's line into the file of its day (UTC) in a folder; whole days are sealed and archived.

    Several processes write into one file: a line goes out in one call, at the end. A disk that takes none loses only
    this copy: stderr has the line too.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder, self._host = folder, re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname())[:40]
        self._day, self._handle = "", -1

    def emit(self, record: logging.LogRecord) -> None:
        """Append one line."""
        try:
            line = self.format(record).encode() + b"\n"
            day = datetime.fromtimestamp(record.created, UTC).date().isoformat()
            if day != self._day:
                self._turn(day)
            os.write(self._handle, line)
        except OSError:
            self.handleError(record)

    def _turn(self, day: str) -> None:
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        if self._handle >= 0:
            os.close(self._handle)
        name = self._folder / f"{day}.{self._host}.jsonl"
        self._handle = os.open(name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        self._day = day

    def close(self) -> None:
        """Give the file back."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle, self._day = -1, ""
        super().close()


class RequestLog:
    """Gives each request an id and logs its route (never its path), status and time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        identifier = uuid.uuid4().hex
        request.META["paraphe.request_id"] = identifier
        response = self.get_response(request)
        match = request.resolver_match
        logger.info(
            "request",
            extra={
                "request": identifier,
                "method": request.method,
                "route": match.route if match else "-",
                "status": response.status_code,
                "ms": round((time.monotonic() - started) * 1000),
            },
        )
        return response


def _words(record: logging.LogRecord) -> str:
    """The message; beside an exception (Celery writes its words into it) only what it is a message of."""
    if record.name.startswith(SILENCED):
        return record.name
    return str(record.msg) if record.exc_info and record.args else record.getMessage()


def _places(error: BaseException) -> list[str]:
    """File, line and function of each frame of the traceback."""
    places, step = [], error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return places
