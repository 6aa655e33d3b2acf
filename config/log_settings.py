"""What is logged, where and in which form (`LOGGING` of Django)."""

from pathlib import Path
from typing import Any

from config.env import env


def logging_settings(folder: Path) -> dict[str, Any]:
    """JSON on standard error, and a file a day in `folder` that ends in the archive; from level LOG_LEVEL on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
            "daily": {"()": "config.logs.DailyFile", "folder": folder, "formatter": "json"},
        },
        "root": {"handlers": ["stderr", "daily"], "level": env.str("LOG_LEVEL", default="INFO")},
        "loggers": {
            # Its records carry the path, and so a link's token; RequestLog tells the route instead.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            # Its records carry whole addresses, and a code in one: sign?otp=… of a remote service.
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            # These quote names from certificates.
            "pyhanko": {"level": "CRITICAL"},
            "pikepdf": {"level": "WARNING"},
            "pyhanko_certvalidator": {"level": "CRITICAL"},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }
