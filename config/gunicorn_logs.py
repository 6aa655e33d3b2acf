"""Gunicorn's own words, in the one structured log: warnings and worse, no access log (RequestLog tells the route)."""

import logging
from typing import Any


class WithoutPath(logging.Filter):
    """Drops the arguments of `Error handling request METHOD PATH`: a path may hold a link's token."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, that one without its arguments."""
        if str(record.msg).startswith("Error handling request"):
            record.msg, record.args = "Error handling request", None
        return True


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_path": {"()": WithoutPath}},
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["without_path"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
