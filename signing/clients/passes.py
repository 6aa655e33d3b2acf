"""Passes: short-lived signed addresses by which a client's own site sends on a person who is logged in there.

The client signs what stands before `&signature=` in the address, path and query as they are sent, with HMAC-SHA-256 and
a key of its own; docs/passes.md. The key is derived from SECRET_KEY and not stored: a copy of the database gives it to
nobody.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from django.utils.crypto import salted_hmac

from signing.clients import callbacks

if TYPE_CHECKING:
    from signing.clients.models import Client

LIFE = timedelta(minutes=5)
AHEAD = timedelta(minutes=1)  # a client's clock that is a little fast
LONGEST = 200
_MARK = "&signature="


class Refused(Exception):
    """Not signed by this client, too old, or not of the agreed form."""


@dataclass(frozen=True)
class Pass:
    """Whom a client sends (`account`, logged in by `means` at `at`), to which signer.

    `payment`: its reference of a payment; `back`: where it wants the person back, on a host that is registered for it.
    """

    reference: str
    n: int
    account: str
    means: str
    at: datetime
    payment: str
    back: str
    digest: str


def key(client: "Client") -> bytes:
    """The key of a client's passes."""
    return salted_hmac("paraphe.passes", f"{client.pk}:{client.code}", algorithm="sha256").digest()


def shown(client: "Client") -> str:
    """The key as the integrator is given it: base64."""
    return base64.b64encode(key(client)).decode()


def sign(client: "Client", target: str) -> str:
    """The address `target` (path and query) with its signature."""
    mac = hmac.new(key(client), target.encode(), hashlib.sha256).digest()
    return f"{target}{_MARK}{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def read(client: "Client", target: str, *, at: datetime) -> Pass:
    """Take an address that a browser came with (path and query); raises `Refused`."""
    said, mark, _ = target.rpartition(_MARK)
    if not mark or not hmac.compare_digest(sign(client, said).encode(), target.encode()):
        raise Refused
    fields = {name: values[0] for name, values in parse_qs(said.partition("?")[2]).items()}
    try:
        made = datetime.fromtimestamp(int(fields["at"]), UTC)
        given = Pass(
            reference=fields["reference"],
            n=int(fields.get("signer", "1")),
            account=fields["account"],
            means=fields.get("means", "signed_address"),
            at=made,
            payment=fields.get("payment", ""),
            back=fields.get("return", ""),
            digest=hashlib.sha256(b"pass:" + target.encode()).hexdigest(),
        )
    except (KeyError, ValueError, OverflowError, OSError) as error:
        raise Refused from error
    if not at - LIFE <= made <= at + AHEAD or any(len(each) > LONGEST for each in (given.account, given.means)):
        raise Refused
    if len(given.payment) > LONGEST or (given.back and not callbacks.admits(client.return_hosts, given.back)):
        raise Refused
    return given
