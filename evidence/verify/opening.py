"""A file opened with qpdf, which takes an object for nothing where memory does not suffice, and only warns of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf

_log = logging.getLogger("pikepdf._core")
"""Where pikepdf has qpdf say its warnings; of a file that it does not open they are told nowhere else."""


@contextmanager
def opened(name: str) -> Iterator[pikepdf.Pdf]:
    """Open the file at `name` for reading.

    Raises MemoryError where qpdf took something for nothing for want of memory: then nothing can be said of what is
    not there. It is raised instead of whatever else came of that. Else what pikepdf raises comes through.
    """
    told = _Told()
    disabled, level, spreads = logging.root.manager.disable, _log.level, _log.propagate
    logging.disable(logging.NOTSET)
    _log.setLevel(logging.DEBUG)
    _log.propagate = False
    _log.addHandler(told)
    try:
        with pikepdf.open(name, inherit_page_attributes=False, suppress_warnings=False) as pdf:
            yield pdf
    except Exception as error:
        if told.of_memory:
            raise MemoryError from error
        raise
    finally:
        _log.removeHandler(told)
        _log.propagate = spreads
        _log.setLevel(level)
        logging.disable(disabled)
    if told.of_memory:
        raise MemoryError


class _Told(logging.Handler):
    """Listens to what is said, for one thing."""

    def __init__(self) -> None:
        super().__init__()
        self.of_memory = False

    def emit(self, record: logging.LogRecord) -> None:
        """Tables apart, without which qpdf looks for the objects themselves."""
        said = record.getMessage()
        self.of_memory = self.of_memory or ("bad_alloc" in said and "reading xref" not in said)
