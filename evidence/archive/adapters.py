"""The archives that this installation deposits with."""

from django.conf import settings
from django.utils.module_loading import import_string

from evidence.archive.package import Archive


def archives() -> list[Archive]:
    """The adapters of `ARCHIVES`, by dotted path."""
    return [import_string(path)() for path in settings.ARCHIVES]


def named(name: str) -> Archive:
    """The adapter that a row names; raises LookupError where it is configured no longer."""
    for each in archives():
        if each.name == name:
            return each
    raise LookupError(f"no archive {name!r} is configured")
