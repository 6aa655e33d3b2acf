"""How far back the past validation of a certificate goes (EN 319 102-1, 5.6.2.1 and 5.6.2.2).

It slides from now to a time for which the lists still speak, and validates the path there. PyHanko slides to the end of
the newest list that names nobody: where others sign the same document afterwards, with lists of their own, that is
after a one-use certificate has run out, and its signature was "not proven" ten minutes later. Nothing can be revoked
once it has run out: no time after that is a time for which the certificate could be asked. And where pyHanko begins at
what the clock of the machine says, this begins at the instant of the verification.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import wraps
from typing import Any

from pyhanko_certvalidator.errors import ValidationError
from pyhanko_certvalidator.ltv import ades_past

_now: ContextVar[datetime | None] = ContextVar("now", default=None)


@contextmanager
def verified(at: datetime) -> Iterator[None]:
    """Let all sliding inside begin at that instant."""
    token = _now.set(at)
    try:
        yield
    finally:
        _now.reset(token)


def slide_within_validity() -> None:
    """Let the sliding end while the path is valid, in this process; done once, however often it is called."""
    place: Any = ades_past
    if not hasattr(place.time_slide, "__wrapped__"):
        place.time_slide = _within_validity(place.time_slide)


def _within_validity(slide: Callable[..., Awaitable[datetime]]) -> Callable[..., Awaitable[datetime]]:
    @wraps(slide)
    async def slid(path: Any, *, init_control_time: datetime, **means: Any) -> datetime:
        """From now first: lists that came when the certificate had run out may name it for the time before."""
        found = await slide(path, init_control_time=_now.get() or init_control_time, **means)
        last = min((each.not_valid_after for each in path.iter_certs(include_root=False)), default=found)
        if found <= last:
            return found
        try:
            return await slide(path, init_control_time=last, **means)
        except ValidationError:
            return found  # nothing proves what it takes to have been there: the path has run out

    return slid
