"""Sweeps look at many rows, and do several things: what one of them raises keeps none of the others from its turn."""

import logging
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import datetime
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, models, transaction

from evidence.bell import Next

logger = logging.getLogger("paraphe.sweeps")
M = TypeVar("M", bound=models.Model)
T = TypeVar("T")
NOBODYS_FAULT = (OperationalError, InterfaceError, SoftTimeLimitExceeded)
"""A database that does not answer, a task whose time is over: the next sweep begins anew."""


def each(
    rows: Iterable[M],
    do: Callable[[M], T],
    *,
    job: str,
    passing: tuple[type[Exception], ...] = (),
    in_transaction: bool = True,
) -> list[T]:
    """Do the same with every row, each in a transaction of its own; gives what came of those that ended well.

    What one raises is undone and told as an error with the row's key; the next sweep tries it again. `passing`: what
    only says that somebody was quicker. Raised is what ends all of them (`NOBODYS_FAULT`). `in_transaction` False: for
    what reads files, over which none is open.
    """
    done = []
    for row in rows:
        try:
            with transaction.atomic() if in_transaction else nullcontext():
                done.append(do(row))
        except passing:
            continue
        except NOBODYS_FAULT:
            raise
        except Exception:  # whatever is wrong with it, it is wrong with this row
            logger.exception("row not swept", extra={"job": job, "row": str(row.pk)})
    return done


def parts(at: datetime, *parts: Callable[[datetime], Iterable[Next] | None]) -> list[Next]:
    """What all parts of a sweep give, one after the other; one that raises is told as an error, the others go on."""
    nexts: list[Next] = []
    for part in parts:
        try:
            nexts += part(at) or ()
        except NOBODYS_FAULT:
            raise
        except Exception:  # whatever it is, the other parts know nothing of it
            logger.exception("part of a sweep failed", extra={"job": f"{part.__module__}.{part.__qualname__}"})
    return nexts
