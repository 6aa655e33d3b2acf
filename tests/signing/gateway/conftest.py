"""The adapters under one name, so that a case runs on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.signing.gateway.between import Between
from tests.signing.gateway.sides import POLICY, EmbeddedSide, RemoteSide, Side, configured, open_account
from tests.stack import Stack

REMOTE = pytest.param("remote", marks=[pytest.mark.processes, pytest.mark.xdist_group("neighbour")])


@pytest.fixture(scope="module")
def account(neighbour: Stack) -> Path:
    """An account at the running Paraphe whose codes lock early and may be asked for again at once."""
    folder = neighbour.state.parent / "account"
    return folder if folder.exists() else open_account(neighbour, folder, "VOI", **POLICY)


@pytest.fixture(params=["embedded", REMOTE])
def side(request: pytest.FixtureRequest, walk: Path) -> Iterator[Side]:
    """One adapter with its service: in this process, or another Paraphe over TLS."""
    if request.param == "embedded":
        yield EmbeddedSide()
        return
    known = settings.CERTSIGN
    yield RemoteSide(request.getfixturevalue("neighbour"), request.getfixturevalue("account"))
    settings.CERTSIGN = known


@pytest.fixture
def between(walk: Path, neighbour: Stack, account: Path) -> Iterator[Between]:
    """Another CertSign, well until it is told otherwise; the path runs against it."""
    known, gateway = settings.CERTSIGN, settings.SIGNING_GATEWAY
    with Between(neighbour, account).running() as running:
        settings.SIGNING_GATEWAY = "signing.gateway.certsign.CertSign"
        settings.CERTSIGN = configured(neighbour, account, port=running.port)
        yield running
    settings.CERTSIGN, settings.SIGNING_GATEWAY = known, gateway
