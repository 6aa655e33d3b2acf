"""What is dear to start and used by many tests: each in one process at a time, its tests in a row."""

import pytest

SHARED = ("wired", "stack", "neighbour", "composed")
LAST = "~"


def shared_by(item: pytest.Item) -> list[str]:
    """What a test uses of it; a case of a fixture names it as its group."""
    groups = [mark.args[0] for mark in item.iter_markers("xdist_group")]
    return [name for name in SHARED if name in groups or name in getattr(item, "fixturenames", ())]


def place(item: pytest.Item) -> str:
    """Sorts what shares to the front, one after the other."""
    return next(iter(shared_by(item)), LAST)
