"""The composed stack, started once for this folder: it takes a minute of a processor, and its tests change nothing."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.docker.composed import Composed
from tests.stores import Stores


@pytest.fixture(scope="package")
def composed() -> Iterator[Composed]:
    """The stack on a PostgreSQL and a Redis of its own."""
    # Directly below the folder for temporary files: a socket's path has 107 bytes at most.
    with TemporaryDirectory(prefix="stack-") as name, Stores() as stores, ExitStack() as ended:
        running = Composed(Path(name), stores)
        running.prepare()
        running.start(ended)
        yield running
