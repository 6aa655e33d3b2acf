"""Why another CertSign gave no answer that could be used: told apart by a word, and what of TLS is known beside it."""

import re
import ssl
from enum import StrEnum

import httpx

_OURS = re.compile("ALERT_.*CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_ACCESS_DENIED")


class Trouble(StrEnum):
    """Why there is no answer that could be used."""

    UNCONFIGURED = "unconfigured"  # our certificate, key or the authority's file cannot be read
    DOWN = "down"  # nobody listens there, or the name is unknown
    TLS = "tls"  # their certificate is not the authority's, or ours was refused; the log says which
    SLOW = "slow"
    CUT = "cut"  # the connection ended before the answer did
    FAILING = "failing"  # 5xx in JSON: it says itself that it cannot
    NOT_ADMITTED = "not_admitted"  # 401, 403: it knows us, and not as one who may call
    NOT_JSON = "not_json"  # HTML, a redirect, half an object: something else answers in its place
    TOO_LARGE = "too_large"
    OTHER_SHAPE = "other_shape"  # JSON, but not the members that the contract promises
    OTHERS_ANSWER = "others_answer"  # the answer is about another order or document than the call


class NoAnswer(Exception):
    """No answer that could be used; `reached`: the call may have had its effect all the same. `label`: more of it."""

    def __init__(
        self, trouble: Trouble, *, reached: bool = True, retry_after: float | None = None, label: str | None = None
    ) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.reached = reached
        self.retry_after = retry_after
        self.label = label


def of_exchange(error: httpx.HTTPError, *, met: bool) -> NoAnswer:
    """What became of a call; `met`: there was a connection, whether TLS came of it or not."""
    refusal = _of_tls(error)
    if refusal is not None:
        # Of a certificate of ours that is refused TLS 1.3 tells when the answer is read: nobody has read the call.
        unheard = isinstance(error, httpx.ConnectError) or _OURS.search(refusal.reason or "") is not None
        return NoAnswer(Trouble.TLS, reached=not unheard, label=_said(refusal))
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol):
        slow = isinstance(error, httpx.ConnectTimeout)
        return NoAnswer(Trouble.SLOW if slow else Trouble.CUT if met else Trouble.DOWN, reached=False)
    if isinstance(error, httpx.TimeoutException):
        return NoAnswer(Trouble.SLOW)
    if isinstance(error, httpx.DecodingError):
        return NoAnswer(Trouble.NOT_JSON)
    return NoAnswer(Trouble.CUT)


def _of_tls(error: BaseException) -> ssl.SSLError | None:
    """Where TLS itself refused: the error of it below that is not a mere end of the stream."""
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, ssl.SSLError) and not isinstance(below, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return below
        below = below.__cause__ or below.__context__
    return None


def _said(refusal: ssl.SSLError) -> str:
    """In OpenSSL's words: of their certificate what is wrong with it, else what broke the handshake off."""
    if isinstance(refusal, ssl.SSLCertVerificationError):
        return str(refusal.verify_message).partition(", certificate is not valid for")[0]
    return str(refusal.reason or "").replace("_", " ").lower()
