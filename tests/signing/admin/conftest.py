"""A member of one client at the administration."""

from pathlib import Path

import pytest

from tests.signing import walks
from tests.signing.admin import people
from tests.signing.views.browser import Browser


@pytest.fixture
def browser(walk: Path) -> Browser:
    walks.pki.hold()
    return people.member_browser(walks.a_client())
