"""The gateway's seven verbs: all that the path knows of a signing service.

Blocking and idempotent; called from jobs only (in a worker). After an unknown outcome: `fetch` before doing it again.
Codes are issued, sent and judged behind it, never by the path.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, NewType, Protocol

from evidence.models import Trail

OrderRef = NewType("OrderRef", str)
RequestRef = NewType("RequestRef", str)
WaitsFor = Literal["tsa", "crl", "keys", "mail", "order", "remote"]


@dataclass(frozen=True)
class Holder:
    """The person who signs, as the client declared them; country is ISO 3166-1 alpha-2, language `fr` or `en`."""

    first_name: str
    last_name: str
    country: str
    language: str
    email: str
    mobile: str


@dataclass(frozen=True)
class Contact:
    """Where the code goes."""

    channel: Literal["email", "sms"]
    address: str


@dataclass(frozen=True)
class Subject:
    """Who and what an order is about: the trail it writes to, the signer's id there, the binding, the client's id."""

    trail: Trail
    signer: str
    binding: str
    client_id: int


@dataclass(frozen=True)
class Document:
    """One document to be signed: the frozen file and what is known of it. `stamp` None: invisible signature.

    `newest` is what the signature goes over: the frozen file and the signatures made on it so far.
    """

    id: str
    path: Path
    newest: Path
    sha256: str
    size: int
    pages: int
    stamp: Mapping[str, int] | None


@dataclass(frozen=True)
class Typed:
    """A code as it was typed, and the id of that try: asked again with the same id, the verdict is the same."""

    code: str
    try_id: str


@dataclass(frozen=True)
class Sent:
    """A code went out; not `certain` where it was handed over and nobody answered: it is not sent again by itself.

    `valid_until` and `tries` are None where the service does not tell them.
    """

    channel: str
    masked: str
    at: datetime
    valid_until: datetime | None
    resend_at: datetime
    tries: int | None
    certain: bool = True


@dataclass(frozen=True)
class Signed:
    """A signed document: its file and when it was signed."""

    path: Path
    sha256: str
    size: int
    at: datetime


@dataclass(frozen=True)
class Status:
    """A request that is not signed (yet): the service's own word."""

    word: str


class GatewayError(Exception):
    """What a verb can answer instead of its result."""


class WrongCode(GatewayError):
    """The code is not the one sent; `left` tries remain on it."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} tries left")
        self.left = left


class CodeLocked(GatewayError):
    """No tries left on this code (`final`: nor on any other of this order)."""

    def __init__(self, *, final: bool) -> None:
        super().__init__("no tries left")
        self.final = final


class CodeGone(GatewayError):
    """The code is expired, used up or was never sent."""


class CodeTooSoon(GatewayError):
    """No code is sent before `retry_at`."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__("a code was sent a moment ago")
        self.retry_at = retry_at


class CodeUndelivered(GatewayError):
    """The message with the code was refused for good by whoever carries it."""


class Unavailable(GatewayError):
    """Something the service needs is not there; the order waits. `retry_after` in seconds."""

    def __init__(self, waits_for: WaitsFor, retry_after: float) -> None:
        super().__init__(waits_for)
        self.waits_for = waits_for
        self.retry_after = retry_after


class Gateway(Protocol):
    """A signing service, wherever it runs.

    `holds_files`: it signs the file that it got with `add_documents`, not the one `sign` names. Who signs the same
    document is then asked one after the other.
    `readdresses`: `create_order` with another contact has the codes of an order go there from then on.
    How often a code is sent, the client's own policy says with every adapter.
    """

    @property
    def holds_files(self) -> bool: ...

    @property
    def readdresses(self) -> bool: ...

    def create_order(
        self, *, reference: str, holder: Holder, otp: bool, contact: Contact, subject: Subject
    ) -> OrderRef:
        """Open one signer's order; the same subject gives the same order again."""
        ...

    def add_documents(self, order: OrderRef, documents: Sequence[Document]) -> list[RequestRef]:
        """Hand over what is to be signed, in order; documents already added keep their request."""
        ...

    def send_code(self, order: OrderRef, application_code: str) -> Sent:
        """Issue and send a code, within the client's limits and caps.

        Raises `CodeTooSoon`, `CodeLocked`, `CodeUndelivered`, `Unavailable`.
        """
        ...

    def is_code_lost(self, order: OrderRef) -> bool:
        """Whether the code sent last is known not to have arrived, although it was taken when it was sent."""
        ...

    def sign(
        self,
        order: OrderRef,
        *,
        code: Typed | None,
        revisions: Mapping[RequestRef, Path],
        validated: Callable[[], None],
    ) -> None:
        """Judge the code and sign all documents, each on its newest revision.

        `validated` is called as soon as the order needs no code (any more), also where the signature then has to wait:
        the caller forgets the code, and asks again without. Raises `WrongCode`, `CodeLocked`, `CodeGone`,
        `Unavailable`. An order that is signed already is left as it is.
        """
        ...

    def fetch(self, request: RequestRef) -> Signed | Status:
        """What became of one document."""
        ...

    def refuse(self, order: OrderRef) -> None:
        """The signer refused: nothing of this order will be signed."""
        ...

    def discard(self, order: OrderRef) -> None:
        """The path ended without an answer of the signer: nothing of this order will be signed from now on.

        One that is signed already stays so: `fetch` tells.
        """
        ...
