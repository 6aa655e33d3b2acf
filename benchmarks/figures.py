"""What a benchmark tells of the seconds it measured."""

import statistics
from collections.abc import Sequence


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """How many, and minimum, median (p50), p95 and maximum in seconds, to the millisecond."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    told = {"min": min(seconds), "p50": statistics.median(seconds), "p95": cuts[18], "max": max(seconds)}
    return {"n": len(seconds)} | {name: round(value, 3) for name, value in told.items()}
