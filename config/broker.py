"""Celery's filesystem transport, with messages that appear whole.

kombu 5.7 opens the message under its final name and writes afterwards: a worker that lists the folder in between reads
an empty message and dies of it. Here the message is written beside and renamed, and so is the table of bindings.
"""

import fcntl
import logging
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

SCHEME = "folder"
logger = logging.getLogger("paraphe.broker")


class Channel(filesystem.Channel):
    """One end of the folder."""

    # Named as in the transport; its own parent's types name the second argument otherwise.
    def _put(self, queue: str, payload: dict[str, Any], **_keywords: Any) -> None:  # type: ignore[override]
        """Write one message for a queue; raises ChannelError where the folder cannot be written."""
        folder = Path(self.data_folder_out)
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        part = folder / f"{name}.part"
        try:
            part.write_text(dumps(payload), encoding="utf-8")
            part.rename(folder / name)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise ChannelError(f"cannot add a message to {folder}") from error

    def _get(self, queue: str) -> Any:  # type: ignore[override]  # as above
        """Take the next message; raises Empty where there is none, also where the folder or a message is not readable.

        A worker dies of anything else, and the row that the message was about is rung again anyway.
        """
        try:
            return super()._get(queue)
        except (ChannelError, ValueError):
            logger.warning("message not readable")
        except OSError:  # the folder is gone: whoever rings says so, and asking comes too often for the log
            pass
        raise Empty

    # As above: the types of a parent name these arguments otherwise.
    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:  # type: ignore[override]
        """Add a queue to an exchange's table; raises ChannelError where the folder cannot be written.

        The transport opens the table before it locks it: a worker that starts beside another reads it empty.
        """
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        table = Path(self.control_folder) / f"{exchange}.exchange"
        try:
            table.parent.mkdir(exist_ok=True)
            with _alone(table.parent):
                known = self.get_table(exchange)
                if binding not in known:
                    part = table.with_suffix(".part")
                    part.write_text(dumps([binding, *known]), encoding="utf-8")
                    part.rename(table)
        except OSError as error:
            raise ChannelError(f"cannot write {table}") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold an advisory lock on a folder; a second process waits here."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Transport(filesystem.Transport):
    """`folder://`: what settings name as broker on a single machine."""

    Channel = Channel


def register() -> None:
    """Make the scheme known to kombu, in every process that sends or works."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
