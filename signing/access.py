"""Who may see a path: link tokens, visits (a browser that opened a path), and who an entry is attributed to."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.timezone import now

from evidence.trail import Actor, Terminal
from signing.models import AccessLink, Signer, Visit

COOKIE = "__Host-path"
TOKEN_BYTES = 32
USER_AGENT_LENGTH = 500
COOKIE_SECONDS = 30 * 24 * 3600
DISAGREES = "desaccord"
"""What the link to disagree, of a letter about a signature, has behind the address."""


class NoSuchLink(Exception):
    """No path is reached by this token: unknown, expired or revoked, told apart by nobody."""


class NoVisit(Exception):
    """This browser has not opened this path, or its session is over: `idle` is the visit that stayed away too long."""

    def __init__(self, idle: Visit | None = None) -> None:
        super().__init__("no visit")
        self.idle = idle


@dataclass(frozen=True)
class Session:
    """The browser's session cookie (`token`), what is stored of it (`digest`), and the digest it takes the place of."""

    token: str
    digest: str
    former: str = ""


def digest_of(token: str) -> str:
    """What is stored of a token of 256 random bits: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_link(*, signer: Signer, means: AccessLink.Means, at: datetime) -> str:
    """Make one more link token for a signer and store its digest; gives the token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    AccessLink.objects.create(signer=signer, means=means, digest=digest_of(token), created_at=at)
    return token


def link_url(token: str) -> str:
    """The address that is sent to a person."""
    return f"{settings.PUBLIC_URL}/a/{token}"


def disagreeing(link: str) -> str:
    """The same, which leads to the form of a complaint (signer-page.md, journey 6)."""
    return f"{link}?{DISAGREES}"


def link_of(token: str) -> AccessLink:
    """The link of a token, with its signer; raises `NoSuchLink`."""
    link = (
        AccessLink.objects.filter(digest=digest_of(token))
        .exclude(means=AccessLink.Means.PASS)  # used up where it was presented
        .select_related("signer__envelope__client", "signer__envelope__trail")
        .first()
    )
    if link is None:
        raise NoSuchLink
    return link


def new_session(request: HttpRequest) -> Session:
    """A fresh session for a browser that opens a path: a cookie that somebody planted there opens nothing."""
    token, former = secrets.token_urlsafe(TOKEN_BYTES), request.COOKIES.get(COOKIE, "")
    return Session(token=token, digest=digest_of(token), former=digest_of(former) if former else "")


def keep_session(response: HttpResponse, session: Session) -> None:
    """Set the session cookie: host-bound, out of reach of scripts."""
    response.set_cookie(
        COOKIE, session.token, max_age=COOKIE_SECONDS, secure=True, httponly=True, samesite="Lax", path="/"
    )


def signer_of(request: HttpRequest, path: str) -> Signer:
    """The signer of an opened path, spoken to in their language from here on.

    Raises `NoVisit` where this browser has not opened it or stayed away too long.
    """
    token = request.COOKIES.get(COOKIE)
    at = now()
    visits = Visit.objects.filter(session=digest_of(token or ""), signer__public_id=path)
    visit = visits.select_related("signer__envelope__client__policy", "signer__envelope__trail").first()
    if visit is None:
        raise NoVisit
    if at - visit.seen_at >= timedelta(seconds=settings.VISIT_IDLE_SECONDS):
        raise NoVisit(visit)
    if at - visit.seen_at > timedelta(seconds=60):
        Visit.objects.filter(pk=visit.pk).update(seen_at=at)
    speak_to(request, visit.signer)
    return visit.signer


def speak_to(request: HttpRequest, signer: Signer) -> None:
    """Answer this request in the signer's language, whatever the browser prefers; `config.language` puts it back."""
    translation.activate(signer.language)
    request.META["paraphe.language"] = signer.language


def actor_of(request: HttpRequest, *, terminal: bool = True) -> Actor:
    """The signer behind a request, for an entry: session hash, request id and, where it matters, the terminal."""
    token = request.COOKIES.get(COOKIE, "")
    return Actor(
        role="signer",
        session=digest_of(token) if token else "",
        request=str(request.META.get("paraphe.request_id", "")),
        terminal=terminal_of(request) if terminal else None,
    )


def staff_of(request: HttpRequest) -> Actor:
    """The member of a client, or the operator, behind a request of the administration."""
    session = request.session.session_key
    return Actor(
        role="operator" if getattr(request.user, "is_superuser", False) else "client",
        session=digest_of(session) if session else "",
        request=str(request.META.get("paraphe.request_id", "")),
        terminal=terminal_of(request),
        login=request.user.get_username(),
    )


def terminal_of(request: HttpRequest) -> Terminal:
    """What the server saw of the device; behind a declared proxy config.proxy has put its word into REMOTE_ADDR."""
    return Terminal(
        ip=str(request.META.get("REMOTE_ADDR", "")),
        port=str(request.META.get("REMOTE_PORT", "")),
        user_agent=str(request.META.get("HTTP_USER_AGENT", ""))[:USER_AGENT_LENGTH],
    )
