"""Commands that need nothing of an installation: neither its folders, nor its keys, nor its database."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_PLACES = ("STATE_DIR", "KEYS_DIR")


@contextmanager
def of_nowhere(arguments: Sequence[str]) -> Iterator[None]:
    """For such a command, what settings make on their first use is made in a folder that goes with it."""
    if not _needs_nothing(arguments):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="paraphe-") as folder:
        os.environ.update(dict.fromkeys(_PLACES, folder))
        yield


def _needs_nothing(arguments: Sequence[str]) -> bool:
    """docs/archive.md: `export_client` from the folders of a vault alone, also by whoever has only these."""
    return "export_client" in arguments[1:2] and any(each.split("=")[0] == "--vault" for each in arguments)
