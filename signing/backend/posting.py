"""An HTTPS POST to an address that somebody else has named, and that may not be one of ours.

reliability.md, SSRF: the name is resolved once, all of its addresses must be public, and exactly one of them is called,
with the name in TLS and in the Host header. No redirect is followed, nothing of the answer is read but its status.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpcore
import httpx

from evidence import deadline

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
LONGEST_SECONDS = 20.0
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_INSIDE = [ipaddress.ip_network(each) for each in ("64:ff9b:1::/48", "::/96", "fec0::/10")]
"""Translated locally (RFC 8215), IPv4-compatible and site-local (both deprecated): not all Pythons know them."""
_NO_ANSWER = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)
Resolve = Callable[[str, int], list[str]]


class Inside(Exception):
    """The name leads to an address that is not a public one."""


class NotTaken(Exception):
    """Nobody took it: the name is unknown, no connection, no trust, no answer in time, a status other than 2xx."""


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    resolve: Resolve,
    authorities: Path | None = None,
    private: bool = False,
) -> int:
    """Post JSON; give the status, 2xx. Raises `Inside`, `NotTaken`.

    `authorities`: a PEM file of roots that are trusted besides the system's. `private`: addresses that are not public
    are called too.
    """
    try:
        asked = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise NotTaken("the address is none") from error
    address = _one_of(resolve(asked.host, asked.port or 443), private=private)
    trusted = ssl.create_default_context()
    if authorities is not None:
        trusted.load_verify_locations(authorities)
    called = str(asked.copy_with(host=address))
    told = {
        "Host": asked.netloc.decode("ascii"),
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        # Filters in front of receivers refuse who has neither.
        "User-Agent": "Paraphe",
        "Accept": "*/*",
    }
    given = [*headers.items(), *told.items()]
    waits = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": CONNECT_SECONDS}
    with_name: dict[str, Any] = {"sni_hostname": asked.host, "timeout": waits}
    try:
        with (
            httpcore.ConnectionPool(trusted, network_backend=deadline.Backend(LONGEST_SECONDS)) as pool,
            pool.stream("POST", called, headers=given, content=body, extensions=with_name) as answer,
        ):
            status = answer.status
    except _NO_ANSWER as error:
        raise NotTaken(type(error).__name__) from error
    if not httpx.codes.is_success(status):
        raise NotTaken(f"HTTP {status}")
    return status


def addresses(host: str, port: int) -> list[str]:
    """Every address of a name. Raises `NotTaken`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotTaken("the name is not known") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _one_of(found: list[str], *, private: bool) -> str:
    if not found:
        raise NotTaken("the name is not known")
    if not private and not all(_is_public(ipaddress.ip_address(each)) for each in found):
        raise Inside
    return found[0]


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Also of what an IPv6 address carries: IPv4-mapped (RFC 4291), 6to4 (RFC 3056), NAT64 (RFC 6052)."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if carried is None and address in _TRANSLATED:
            carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if carried is not None:
            return _is_public(carried)
        if any(address in each for each in _INSIDE):
            return False
    return address.is_global and not address.is_multicast
