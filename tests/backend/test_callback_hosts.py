"""Where a call-back may go: hosts that are registered, at addresses that are public (reliability.md, SSRF)."""

import ipaddress
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from signing.backend import posting
from signing.backend.api import callbacks
from signing.backend.models import Callback, Order
from signing.clients import callbacks as registered
from tests.backend.receiver import HOST, Receiver, here

INSIDE = {
    "loopback": "127.0.0.1",
    "private, 10": "10.0.0.1",
    "private, 172": "172.16.3.4",
    "private, 192": "192.168.1.1",
    "metadata of clouds": "169.254.169.254",
    "shared": "100.64.0.1",
    "this host": str(ipaddress.IPv4Address(0)),
    "multicast": "224.0.0.1",
    "broadcast": "255.255.255.255",
    "documentation": "192.0.2.1",
    "loopback, IPv6": "::1",
    "link-local, IPv6": "fe80::1",
    "unique local": "fc00::1",
    "multicast, IPv6": "ff02::1",
    "IPv4-mapped": "::ffff:10.0.0.1",
    "6to4": "2002:a00:1::1",
    "NAT64": "64:ff9b::a00:1",
    "NAT64, local": "64:ff9b:1::a00:1",
    "IPv4-compatible": "::10.0.0.1",
    "site-local": "fec0::1",
}


@pytest.mark.parametrize("address", INSIDE.values(), ids=INSIDE.keys())
def test_a_name_that_leads_inside_is_not_called(address: str) -> None:
    """reliability.md, SSRF: private ranges refused, of all addresses of a name."""
    for others in ([], ["93.184.216.34"]):

        def resolve(_host: str, _port: int, others: list[str] = others) -> list[str]:
            return [*others, address]

        with pytest.raises(posting.Inside):
            posting.post("https://x.example/", b"", headers={}, resolve=resolve)


def test_localhost_is_not_called_by_default(asked: Callable[..., Order], settings: Any) -> None:
    """By the machine's own resolver, and as the settings are where nobody says anything."""
    settings.CALLBACK_PRIVATE = False
    order = asked()
    port = order.callback_url.split(":")[2].split("/")[0]
    order.client.callback_hosts = f"localhost:{port}"
    order.client.save()
    row = Callback.objects.create(order=order, n=2, url=f"https://localhost:{port}/", due_at=now(), created_at=now())
    callbacks.call_back(str(row.pk), at=now())
    row.refresh_from_db()
    assert (row.outcome, row.last_answer, Receiver.got) == ("WAITING", "the name leads inside", [])


def test_what_is_no_answer_is_told_apart(port: int, settings: Any) -> None:
    def tried(url: str, resolve: posting.Resolve) -> str:
        with pytest.raises(posting.NotTaken) as told:
            posting.post(url, b"[]", headers={}, resolve=resolve, private=True, authorities=None)
        return str(told.value)

    def nowhere(_host: str, _port: int) -> list[str]:
        return posting.addresses("unknown.invalid", 443)

    assert tried(f"https://{HOST}:{port}/", here) == "ConnectError"  # its authority is not trusted
    assert tried("https://unknown.invalid/", nowhere) == "the name is not known"
    closed = f"https://{HOST}:1/"
    assert tried(closed, here) == "ConnectError"
    assert Receiver.got == []


@pytest.mark.parametrize(
    ("url", "admitted"),
    [
        ("https://rappels.exemple.fr/x", True),
        ("https://RAPPELS.exemple.fr:443/x?y=1", True),
        ("https://autre.exemple.fr:8443/", True),
        ("https://autre.exemple.fr/", False),
        ("https://rappels.exemple.fr:8443/", False),
        ("http://rappels.exemple.fr/", False),
        ("https://u:p@rappels.exemple.fr/", False),
        ("https://rappels.exemple.fr.pirate.fr/", False),
        ("https://rappels.exemple.fr@pirate.fr/", False),
        ("https://rappels.exemple.fr:99999/", False),
        ("https://rappels.exemple.fr:0/", False),
        ("https://127.0.0.1/", False),
        ("https://rappels.exemple.fr/\r\nX: y", False),
        ("https://rappels.exemple.fr/a\tb", False),
        ("\nhttps://rappels.exemple.fr/", False),
        ("/", False),
        ("", False),
    ],
)
def test_only_registered_hosts_are_admitted(url: str, *, admitted: bool) -> None:
    assert registered.admits("rappels.exemple.fr\nautre.exemple.fr:8443", url) is admitted


@pytest.mark.parametrize("line", ["https://x.fr", "1.2.3.4", "x.fr:0", "x.fr:70000", "[::1]", "x y.fr/z", "-x.fr"])
def test_what_is_no_host_is_refused(line: str) -> None:
    with pytest.raises(ValidationError, match="n’est pas un hôte"):
        registered.check(line)
