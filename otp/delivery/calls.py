"""One call to a carrier over HTTP, bounded in time and size; what went wrong on the way is told apart by what may have
come of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from time import monotonic

import httpx

from otp.delivery import Answer, NotNow, OutcomeUnknown

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 10.0
ANSWER_BYTES = 65_536
NOT_TAKEN = {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}


@dataclass(frozen=True)
class Said:
    """What a carrier answered, whatever its status."""

    status: int
    text: str


def post(
    url: str,
    *,
    known_as: str,
    headers: Mapping[str, str],
    content: bytes | None = None,
    form: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> Said:
    """POST `content` or `form`; no redirect is followed, no try repeated.

    Raises `NotNow` where nobody was reached, and `OutcomeUnknown` (naming the message `known_as`, "" where only the
    answer would have named it) where the call went out and no whole answer came within ANSWER_SECONDS.
    """
    timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    until = monotonic() + CONNECT_SECONDS + ANSWER_SECONDS
    try:
        with _client().stream(
            "POST", url, content=content, data=form, headers=headers, auth=auth, timeout=timeout
        ) as answer:
            return Said(answer.status_code, _read(answer, until))
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise NotNow(Answer("", type(error).__name__)) from error
    except (httpx.HTTPError, _TooMuch) as error:
        raise OutcomeUnknown(Answer(known_as, type(error).__name__.strip("_"))) from error


class _TooMuch(Exception):
    """The answer is longer, or comes more slowly, than one that tells something."""


def _read(answer: httpx.Response, until: float) -> str:
    body = b""
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > ANSWER_BYTES or monotonic() > until:
            raise _TooMuch
    return body.decode(errors="replace")


@cache
def _client() -> httpx.Client:
    """One for this process: its trusted roots take longer to read than an SMS to send. It keeps no connection, which
    the carrier might close in the moment that it is used again.
    """
    return httpx.Client(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
