"""The list of revoked certificates: how old it may be, and its number."""

from datetime import timedelta
from pathlib import Path

from django.utils.timezone import now

from signing.backend import revocation
from signing.backend.models import RevocationList
from tests.signing import walks


def test_the_revocation_list_is_renewed_and_numbered(walk: Path) -> None:
    """evidence.md: the embedded list is at most 30 s old; its number comes from the database."""
    walks.pki.hold()
    at = now() - timedelta(minutes=1)
    first = revocation.current(at)
    assert revocation.current(at + timedelta(seconds=29)).number == first.number
    assert revocation.current(at + timedelta(seconds=32)).number == first.number + 1
    assert RevocationList.objects.count() == 2
