"""A mail server of tests (aiosmtpd): takes, and says what a test tells it to say at which step."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller

from tests.stack import free_ports


@dataclass
class Server:
    """Handlers have the names that aiosmtpd calls.

    `says`: answers of the next sessions at MAIL, RCPT or DATA, one each, then it takes all; `hang`: seconds at DATA.
    """

    port: int = 0
    says: list[tuple[str, str]] = field(default_factory=list)
    hang: float = 0.0
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """One answer of `says` for this step, else taken."""
        if self.says and self.says[0][0] == "MAIL":
            return self.says.pop(0)[1]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """One answer of `says` for this step, else taken."""
        if self.says and self.says[0][0] == "RCPT":
            return self.says.pop(0)[1]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """The message is kept also where nobody is told of it any more: that is what a hang does."""
        if self.says and self.says[0][0] == "DATA":
            return self.says.pop(0)[1]
        self.taken.append(envelope.original_content)
        self.recipients += envelope.rcpt_tos
        await asyncio.sleep(self.hang)
        return "250 2.0.0 Ok: queued as 4FzX"


@contextmanager
def running() -> Iterator[Server]:
    """Listen on a port of 127.0.0.1 until the block ends."""
    server = Server()
    (server.port,) = free_ports(1)
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
