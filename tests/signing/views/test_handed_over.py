"""Signing from the client's own site (docs/passes.md)."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.utils.timezone import now

from evidence import trail
from signing.clients import passes
from signing.clients.models import Client
from signing.models import AccessLink, Signer
from signing.states import SignerState
from tests.signing import walks
from tests.signing.views.browser import Browser, words_of

BACK = "https://www.exemple.fr/compte"


def a_pass(**changes: object) -> str:
    """The address that the client's site makes for Camille."""
    client = Client.objects.get()
    said = {
        "reference": Signer.objects.get().envelope.reference,
        "account": "camille-1234",
        "means": "mot de passe",
        "at": int(now().timestamp()),
        "payment": "PAY-77",
        "return": BACK,
    }
    return passes.sign(client, f"/h/{client.code}?{urlencode(said | changes)}")


@pytest.fixture
def path(walk: Path) -> Path:
    walks.an_envelope(walk)
    Client.objects.update(return_hosts="www.exemple.fr")
    return walk


def test_a_logged_in_person_is_let_in_and_the_login_recorded(path: Path) -> None:
    browser, address = Browser(), a_pass()
    assert "Accéder aux documents" in words_of(browser.get(address))
    assert Signer.objects.get().state == SignerState.INVITED
    answer = browser.post(address)
    signer = Signer.objects.get()
    assert answer["Location"] == f"/p/{signer.public_id}/"
    assert browser.get(answer["Location"]).status_code == 200
    entries = list(trail.entries(signer.envelope.trail))
    login = next(entry for entry in entries if entry.kind == "login.asserted")
    assert login.members["source"] == "client"
    assert login.data["means"] == "mot de passe"
    told = {name: opening[1] for name, opening in login.openings.items()}
    assert (told["account"], told["payment"]) == ("camille-1234", "PAY-77")
    assert "link" not in next(entry for entry in entries if entry.kind == "access.confirmed").data
    assert signer.return_url == BACK


def test_each_opens_once_and_pressed_twice_leads_to_the_same_place(path: Path) -> None:
    browser, address = Browser(), a_pass()
    first = browser.post(address)["Location"]
    assert browser.post(address)["Location"] == first
    assert Browser().post(address).status_code == 404
    assert AccessLink.objects.filter(means="pass").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"at": 1},
        {"at": int((now() + timedelta(hours=1)).timestamp())},
        {"at": "x"},
        {"reference": "EXS-2000-000009"},
        {"signer": 2},
        {"return": "https://elsewhere.example/"},
        {"account": "x" * 201},
    ],
)
def test_what_is_old_unknown_or_leads_elsewhere_opens_nothing(path: Path, changes: dict[str, object]) -> None:
    address = a_pass(**changes)
    for answer in (Browser().get(address), Browser().post(address)):
        assert answer.status_code == 404
        assert "plus valable" in words_of(answer)
    assert not AccessLink.objects.filter(means="pass").exists()


def test_a_changed_address_opens_nothing(path: Path) -> None:
    address = a_pass().replace("camille-1234", "camille-1235")
    assert Browser().post(address).status_code == 404


def test_a_used_pass_is_no_link(path: Path) -> None:
    address = a_pass()
    Browser().post(address)
    assert Browser().get(f"/a/pass:{address}").status_code == 404


def test_the_last_page_leads_back(path: Path) -> None:
    browser, address = Browser(), a_pass()
    browser.post(address)
    Signer.objects.update(state=SignerState.SIGNED, ended_at=now())
    assert f'href="{BACK}"' in words_of(browser.get(f"/p/{Signer.objects.get().public_id}/done"))
