"""Networks that a client's machines may call from."""

import pytest
from django.core.exceptions import ValidationError

from signing.clients import networks


@pytest.mark.parametrize(
    ("allowed", "address", "admitted"),
    [
        ("", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.0/24\n2001:db8::/32", "2001:db8::7", True),
        ("203.0.113.0/24", "198.51.100.1", False),
        ("203.0.113.0/24", "::ffff:203.0.113.9", True),
        ("203.0.113.0/24", "", False),
    ],
)
def test_who_may_call(allowed: str, address: str, *, admitted: bool) -> None:
    """reliability.md, client authentication: allowed networks must match."""
    assert networks.admits(allowed, address) is admitted


def test_a_line_that_is_no_network_is_named() -> None:
    with pytest.raises(ValidationError, match="exemple"):
        networks.check("203.0.113.0/24\nexemple.fr")


def test_lines_of_networks_are_taken() -> None:
    networks.check("203.0.113.0/24\n2001:db8::/32\n192.0.2.1\n")
