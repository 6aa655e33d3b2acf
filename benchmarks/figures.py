"""What a benchmark tells of the seconds it measured."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """What a call gives, and the seconds it took."""
    began = time.perf_counter()
    return call(), time.perf_counter() - began


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """How many, and minimum, median (p50), p95 and maximum in seconds, to the millisecond."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    told = {"min": min(seconds), "p50": statistics.median(seconds), "p95": cuts[18], "max": max(seconds)}
    return {"n": len(seconds)} | {name: round(value, 3) for name, value in told.items()}
