"""What the applications above know of a trail: its people's rows, and whose files it shares. They register here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from evidence.models import Trail


@dataclass(frozen=True)
class Tenant:
    """An application with rows about trails.

    `erase`: takes names, contacts, titles and links out of the rows of one trail, inside the caller's transaction.
    `needs`: which of these files (SHA-256) its rows of other trails name, those that are eliminated left out.
    """

    erase: Callable[[Trail, datetime], None]
    needs: Callable[[Trail, set[str]], set[str]]


_registered: list[Tenant] = []


def register(tenant: Tenant) -> None:
    """Make an application known; from its `AppConfig.ready`."""
    _registered.append(tenant)


def erase(trail: Trail, at: datetime) -> None:
    """Have every application erase its rows of a trail."""
    for each in _registered:
        each.erase(trail, at)


def needed(trail: Trail, sha256s: set[str]) -> set[str]:
    """Those of these files that something else still needs."""
    return {sha256 for each in _registered for sha256 in each.needs(trail, sha256s)}
