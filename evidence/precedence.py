"""Who goes before the sealing of dossiers: those of whose work somebody sees the end at once."""

from collections.abc import Callable
from datetime import datetime

_known: list[Callable[[datetime], bool]] = []


def register(waited_for: Callable[[datetime], bool]) -> None:
    """Ask this too, from now on: whether somebody waits for a signature at an instant."""
    if waited_for not in _known:
        _known.append(waited_for)


def somebody_waits(at: datetime) -> bool:
    """Whether there is work that goes before."""
    return any(waited_for(at) for waited_for in _known)
