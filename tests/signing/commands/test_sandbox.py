import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from signing import access
from signing.models import Envelope
from signing.states import SignerState
from tests.signing import walks


@pytest.fixture
def folder(walk: Path, settings: Any) -> Path:
    walks.pki.hold()
    walks._statements()
    settings.SANDBOX_DIR = walk / "sandbox"
    return walk / "sandbox"


def run() -> dict[str, Any]:
    out = io.StringIO()
    call_command("sandbox", "--json", stdout=out)
    return dict(json.loads(out.getvalue()))


def test_a_newcomer_finds_a_link_ready_to_walk_and_an_administrator(folder: Path) -> None:
    """Issue, What a newcomer does: sample client and contract, a link, the admin's login."""
    told = run()
    signer = access.link_of(told["link"].rsplit("/", 1)[1]).signer
    assert signer.state == SignerState.INVITED
    assert [document.title for document in signer.envelope.documents.order_by("n")] == [
        "Contrat de location",
        "Conditions générales d’utilisation",
    ]
    admin = told["admin"]
    assert authenticate(username=admin["login"], password=admin["password"])
    assert admin["password"] in (folder / "README").read_text()


def test_the_sample_client_has_an_administrator_of_its_own(folder: Path) -> None:
    told = run()["client_admin"]
    user = authenticate(username=told["login"], password=told["password"])
    assert user is not None
    assert list(user.memberships.values_list("client__code", flat=True)) == ["EXS"]
    assert not user.is_superuser
    assert told["password"] in (folder / "README").read_text()
    assert run()["client_admin"] == told


def test_started_again_it_finds_its_state(folder: Path) -> None:
    first, second = run(), run()
    assert Envelope.objects.count() == 1
    assert first["admin"] == second["admin"]
    assert first["link"] != second["link"]
    one, two = (access.link_of(each["link"].rsplit("/", 1)[1]) for each in (first, second))
    assert one.signer == two.signer


def test_a_sample_that_was_walked_is_followed_by_a_new_one(folder: Path) -> None:
    token = run()["link"].rsplit("/", 1)[1]
    session = access.Session("t", access.digest_of("t"))
    walks.paths.confirm_access(link=access.link_of(token), session=session, actor=walks.actor(), at=walks.now())
    assert access.link_of(run()["link"].rsplit("/", 1)[1]).signer != access.link_of(token).signer


def test_outside_the_sandbox_it_refuses(folder: Path, settings: Any) -> None:
    settings.SANDBOX = False
    with pytest.raises(CommandError, match="bac à sable"):
        run()
