"""Who goes before the sealing of dossiers: those of whose work somebody sees the end at once."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

_known: list[Callable[[datetime], bool]] = []


def register(waited_for: Callable[[datetime], bool]) -> None:
    """Ask this too, from now on: whether somebody waits for a signature at an instant."""
    if waited_for not in _known:
        _known.append(waited_for)


def somebody_waits(at: datetime) -> bool:
    """Whether there is work that goes before."""
    return any(waited_for(at) for waited_for in _known)


def lets_begin(at: datetime) -> bool:
    """Whether a dossier that is queued at an instant would be begun then, and not left to the sweep."""
    return not settings.DOSSIER_PATIENCE_SECONDS or not somebody_waits(at)
