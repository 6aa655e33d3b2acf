"""How long a try to sign many documents may last (reliability.md, Signing job, 2)."""

from typing import Any

import pytest

from evidence import durations

TWO = ["http://a.example/", "http://b.example/"]


@pytest.mark.parametrize(
    ("urls", "seconds", "documents", "more"),
    [
        ([], 5, 40, 0),
        ([], 5, 100, 120),
        (TWO, 5, 6, 0),
        (TWO, 5, 100, 1120),
        (TWO, 0.4, 100, 200),
        (TWO, 60, 100, 1120),
    ],
)
def test_it_grows_with_documents_and_the_patience_with_their_authorities(
    settings: Any, urls: list[str], seconds: float, documents: int, more: int
) -> None:
    """An order of few documents has what any task has, and is as soon with another worker where its own dies."""
    settings.TSA_URLS, settings.TSA_SECONDS, settings.ORDER_LONGEST_SECONDS = urls, seconds, 1200
    settings.LEASE_SECONDS = 90
    assert durations.more_seconds(documents) == more
    assert durations.lease_seconds(documents) == 90 + more
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT + more < durations.lease_seconds(documents)
