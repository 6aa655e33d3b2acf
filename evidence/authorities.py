"""External time-stamping authorities (RFC 3161 over HTTP): the first that answers well is taken, else the next.

A token is taken from an authority only when it is about what was asked (imprint, nonce), was signed by a certificate
for time stamping alone that leads to a root of TSA_ROOTS, tells a time near ours, and the revocation lists of its chain
can be had, in force, where these certificates say. All of that is kept, for long-term signatures need it.
"""

import logging
import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone

from evidence import as_it_comes, deadline
from evidence.time_tokens import Answer, Stamper, TimestampRefused, token_facts
from evidence.verify import certificates, messages
from evidence.verify.failures import NotSound

logger = logging.getLogger("paraphe.timestamps")
MOST_BYTES, MOST_LIST_BYTES = 64 * 1024, 8 * 1024 * 1024
CLOCKS_APART = timedelta(minutes=5)
LIST_KEPT = timedelta(hours=1)
PASSED_OVER = timedelta(minutes=1)
_CHECK = "timestamp"
Clock = Callable[[], datetime]


class ExternalTimeStamper(Stamper):
    """One or more authorities, in the order in which they are asked; one per process.

    One that did not answer well is asked after the others for a minute: a slow one would else cost its whole time at
    each of the stamps of an order, and with ten documents more than a task has.

    `seconds`: from a question's begin to its answer's end, of tokens and of lists. `roots`: what certificates lead to.
    """

    external = True

    def __init__(self, urls: Sequence[str], *, roots: Sequence[x509.Certificate], seconds: float, clock: Clock) -> None:
        super().__init__()
        self._urls, self._roots, self._clock = list(urls), tuple(roots), clock
        self._seconds = seconds
        self._trusted = httpx.create_ssl_context(trust_env=False)
        self._chain: tuple[x509.Certificate, ...] = ()
        self._lists: dict[x509.Certificate, tuple[datetime, bytes]] = {}
        self._failed: dict[str, datetime] = {}
        self._mute = False

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Give a token of the first authority that answers well. Raises TimestampRefused where none does."""
        refusals = []
        for url in self._in_turn():
            try:
                token = self._taken(url, message_digest, md_algorithm)
            except TimestampRefused as error:
                self._failed[url] = self._clock()
                host = urlsplit(url).hostname
                logger.warning("no token from %s: %s", host, error)
                refusals.append(f"{host}: {error}")
            else:
                self._mute = False
                return token
        self._mute = True
        raise TimestampRefused("; ".join(refusals))

    def _in_turn(self) -> list[str]:
        """As they were given, behind them those that failed a moment ago."""
        since = self._clock() - PASSED_OVER
        return sorted(self._urls, key=lambda url: url in self._failed and self._failed[url] > since)

    def lists(self) -> list[bytes]:
        """The lists of the chain that stamped last, then those at hand of others; all in force.

        The others' are of authorities that stamped within the hour: who answers every other time would else leave a
        file with tokens of two and the lists of one. Where nobody answered last time, it is seen first whether anybody
        does: lists at hand stamp nothing. Raises TimestampRefused.
        """
        if self._mute:
            self.stamp(os.urandom(32))
        try:
            own = self._lists_of(self._chain)
        except TimestampRefused as error:
            logger.warning("no list of who stamped last: %s", error)
            own = []
        if not own:
            self.stamp(os.urandom(32))  # by the first whose lists can be had
            own = self._lists_of(self._chain)
        others = (der for until, der in self._lists.values() if until > self._clock())
        return [*dict.fromkeys((*own, *others))]

    def _taken(self, url: str, digest: bytes, algorithm: str) -> cms.ContentInfo:
        nonce, request = self.request_cms(digest, algorithm)  # type: ignore[no-untyped-call]  # pyHanko's has no types
        answer = self._asked("POST", url, most=MOST_BYTES, body=request.dump())
        try:
            status = Answer.load(answer, strict=True)["status"]
            if status["status"].native not in {"granted", "granted_with_mods"}:
                raise TimestampRefused(str(status["status"].native))
            token: cms.ContentInfo = tsp.TimeStampResp.load(answer, strict=True)["time_stamp_token"]
            facts, answered = token_facts(token.dump()), _nonce(token)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TimestampRefused("no answer of an authority") from error
        if answered != nonce:
            raise TimestampRefused("the nonce is another's")
        if (facts.imprint, facts.digest_algorithm) != (digest.hex(), algorithm):
            raise TimestampRefused("the token is about something else")
        self._trust(token.dump())
        return token

    def _trust(self, token: bytes) -> None:
        """Check who signed a token and when, and keep the chain with its lists. Raises TimestampRefused."""
        try:
            read = messages.read_token(token, _CHECK)
            unit = read.message.certificate
            above = certificates.find_chain(unit, read.message.certificates, self._roots, check=_CHECK)
            certificates.check_chain(unit, above, at=read.time, check=_CHECK)
        except NotSound as error:
            raise TimestampRefused(f"not trusted: {error.sentence}") from error
        if abs(read.time - self._clock()) > CLOCKS_APART:
            raise TimestampRefused(f"its clock says {read.time.isoformat()}")
        chain = (unit, *above)
        self._lists_of(chain)
        if chain != self._chain:
            self._chain = chain
            ders = (each.public_bytes(Encoding.DER) for each in chain)
            self.cert_registry.register_multiple(map(asn1_x509.Certificate.load, ders))

    def _lists_of(self, chain: tuple[x509.Certificate, ...]) -> list[bytes]:
        """One for each certificate of a chain below its root. Raises TimestampRefused."""
        return [self._list_of(each, chain) for each in chain if each.subject != each.issuer]

    def _list_of(self, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> bytes:
        """The list that may name a certificate, kept for an hour at most. Raises TimestampRefused."""
        until, der = self._lists.get(certificate, (self._clock(), b""))
        if until > self._clock():
            return der
        place = _published(certificate)
        der = self._asked("GET", place, most=MOST_LIST_BYTES)
        issuer = next(each for each in chain if each.subject == certificate.issuer)
        try:
            found = x509.load_der_x509_crl(der)
            certificates.check_not_revoked(certificate, issuer, [found])
        except (ValueError, NotSound) as error:
            raise TimestampRefused(f"no good revocation list at {place}") from error
        ends = found.next_update_utc
        if ends is None or ends <= self._clock():
            raise TimestampRefused(f"the revocation list at {place} is over")
        self._lists[certificate] = min(ends - timedelta(minutes=1), self._clock() + LIST_KEPT), der
        return der

    def _asked(self, method: str, url: str, *, most: int, body: bytes | None = None) -> bytes:
        """The body of a 200, `most` bytes of it, all of it within the deadline. Raises TimestampRefused."""
        kind = {"Content-Type": "application/timestamp-query"} if body is not None else {}
        transport = deadline.Transport(self._seconds, self._trusted)
        try:
            with (
                httpx.Client(transport=transport, timeout=self._seconds, trust_env=False) as client,
                client.stream(method, url, content=body, headers=as_it_comes.HEADERS | kind) as answer,
            ):
                if answer.status_code != httpx.codes.OK:
                    raise TimestampRefused(f"HTTP {answer.status_code}")
                content = b""
                for piece in as_it_comes.pieces(answer):
                    content += piece
                    if len(content) > most:
                        raise TimestampRefused("the answer is too long")
                return content
        except httpx.HTTPError as error:
            raise TimestampRefused(type(error).__name__) from error


def configured() -> ExternalTimeStamper:
    """The authorities of the settings. Raises TimestampRefused where their roots cannot be read."""
    return _made(tuple(settings.TSA_URLS), settings.TSA_ROOTS, settings.TSA_SECONDS)


def roots() -> list[x509.Certificate]:
    """The roots that time stamps of external authorities lead to; none where there are no such authorities."""
    return _read(settings.TSA_ROOTS) if settings.TSA_URLS else []


@lru_cache(maxsize=1)
def _made(urls: tuple[str, ...], trusted: str, seconds: float) -> ExternalTimeStamper:
    return ExternalTimeStamper(urls, roots=_read(trusted), seconds=seconds, clock=timezone.now)


def _read(file: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(Path(file).read_bytes())
    except (OSError, ValueError) as error:
        raise TimestampRefused(f"TSA_ROOTS cannot be read: {type(error).__name__}") from error


def _nonce(token: cms.ContentInfo) -> object:
    return token["content"]["encap_content_info"]["content"].parsed["nonce"].native


def _published(certificate: x509.Certificate) -> str:
    """Where the list that may name a certificate is, by HTTP. Raises TimestampRefused."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound as error:
        raise TimestampRefused("its certificate does not say where it would be revoked") from error
    for point in points:
        for name in point.full_name or ():
            if isinstance(name, x509.UniformResourceIdentifier) and name.value.startswith("http://"):
                return name.value
    raise TimestampRefused("its certificate does not say where it would be revoked")
