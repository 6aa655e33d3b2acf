"""Issue 6, part 8: a signer's own access to their dossier, until the very day on which it is eliminated."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Self

import pytest
from django.utils import timezone
from django.utils.timezone import now

from evidence import tasks, trail
from evidence.archive import deposits
from evidence.models import Deposit, Dossier, Elimination
from signing.actions import signature
from signing.actions.envelopes import Created
from signing.jobs import keeping
from signing.jobs.sweep import sweep
from signing.models import Envelope, Signer
from tests.evidence import pki
from tests.signing import walks
from tests.signing.deposited import EVERYTHING, deposited, done
from tests.signing.views.browser import Browser, words_of
from tests.signing.views.test_handed_over import a_pass


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets the clock that pages and jobs read forward; it goes on from there."""

    def forward(ahead: timedelta) -> None:
        class Later(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return super().now(tz) + ahead

        monkeypatch.setattr(timezone, "datetime", Later)

    return forward


def refused(walk: Path, settings: Any) -> Created:
    created = _kept(walk, settings)
    signature.refuse(signer=walks.opened(created), choice="content", reason="", actor=walks.actor(), at=now())
    return _sealed(created)


def expired(walk: Path, settings: Any) -> Created:
    created = _kept(walk, settings)
    walks.ready(created)
    Envelope.objects.update(expires_at=now())
    sweep(now())
    return _sealed(created)


def _kept(walk: Path, settings: Any) -> Created:
    pki.hold()
    settings.VAULT_DIRS = [walk / "first", walk / "second"]
    return walks.an_envelope(walk)


def _sealed(created: Created) -> Created:
    walks.work(kinds=EVERYTHING)
    Dossier.objects.update(due_at=now())
    for row in Dossier.objects.filter(state=Dossier.State.QUEUED):
        tasks.seal_dossier(dossier_id=str(row.pk))
    walks.work(kinds=EVERYTHING)
    for deposit in Deposit.objects.filter(state=Deposit.State.QUEUED):
        deposits.deposit(str(deposit.pk), owner="w", clock=now)
    return created


@pytest.mark.parametrize(
    ("make", "years", "place"),
    [(deposited, 10, "done"), (refused, 1, "refused"), (expired, 1, "closed")],
    ids=["signed", "refused", "expired"],
)
def test_the_link_leads_to_the_dossier_for_the_whole_period(
    make: Callable[..., Created],
    years: int,
    place: str,
    walk: Path,
    settings: Any,
    clock: Callable[[timedelta], None],
) -> None:
    """Two days before the end everything is there, and that it was fetched is recorded; after it nothing is."""
    created = make(walk, settings)
    closed_at = Envelope.objects.get().closed_at
    assert closed_at
    end = closed_at.replace(year=closed_at.year + years) - closed_at
    clock(end - timedelta(days=2))
    assert keeping.sweep(now()) == 0
    browser = Browser()
    assert "Accéder" in words_of(browser.get(f"/a/{created.tokens[0]}"))
    told = browser.open(created)
    assert told.endswith(f"/{place}")
    base = told.removesuffix(place)
    answer = words_of(browser.get(told))
    names = ["dossier.pdf", "attestation.pdf", *(["signed/1.pdf"] if place == "done" else [])]
    for name in names:
        assert f'href="{base}{name}"' in answer
        assert browser.bytes_of(f"{base}{name}").startswith(b"%PDF")
    last = [each for each in trail.entries(created.envelope.trail) if each.kind == "dossier.downloaded"][-2:]
    assert [each.data["form"] for each in last] == ["pdf", "attestation"]
    assert all(each.at.startswith(f"{closed_at + end - timedelta(days=2):%Y-%m-%d}") for each in last)

    clock(end + timedelta(days=2))
    assert keeping.sweep(now()) == 1
    clock(timedelta())  # the certificate of it is sealed with the revocation lists of today
    Elimination.objects.update(due_at=now())
    done(created.envelope)
    assert Browser().get(f"/a/{created.tokens[0]}").status_code == 404
    assert browser.get(f"{base}dossier.pdf").status_code == 403


def test_a_pass_leads_to_the_dossier_of_an_opened_path_that_came_to_nothing(walk: Path, settings: Any) -> None:
    """As a link does: who comes from the client's own site has perhaps no letter with one."""
    expired(walk, settings)
    browser, address = Browser(), a_pass(**{"return": ""})
    assert "Accéder au dossier" in words_of(browser.get(address))
    told = browser.post(address)["Location"]
    assert browser.bytes_of(told.replace("closed", "dossier.pdf")).startswith(b"%PDF")


def test_a_pass_to_an_unopened_path_that_came_to_nothing_opens_nothing(walk: Path) -> None:
    walks.an_envelope(walk)
    Envelope.objects.update(expires_at=now())
    sweep(now())
    assert Signer.objects.get().opened_at is None
    assert Browser().get(a_pass(**{"return": ""})).status_code == 404
