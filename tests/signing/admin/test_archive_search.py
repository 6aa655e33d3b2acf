"""Issue, part 7: a legal team finds a dossier by the client's own reference and by date."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence.archive import deposits
from evidence.models import Deposit, Trail
from signing.actions.envelopes import NewDocument, create_envelope
from signing.admin import dates
from signing.clients.models import Client
from signing.models import Document, Envelope
from tests.evidence import pki
from tests.pdfs import sound
from tests.signing import walks
from tests.signing.admin.people import member_browser
from tests.signing.views.browser import Browser


@pytest.fixture
def kept(walk: Path, settings: Any) -> Deposit:
    """The deposit of a signed envelope that the client calls CMD-4711/B."""
    settings.VAULT_DIRS = [walk / "first", walk / "second"]
    pki.hold()
    (walk / "contrat.pdf").write_bytes(sound.contract(1))
    created = create_envelope(
        client=walks.a_client(),
        documents=[NewDocument(walk / "contrat.pdf", "Contrat", "contrat.pdf", Document.Role.TO_SIGN)],
        signers=(walks.CAMILLE,),
        external_reference="CMD-4711/B",
        actor=walks.CLIENT,
        at=now(),
    )
    walks.signed(created)
    walks.work(kinds=("signing.tasks.", "evidence.tasks."))
    row = Deposit.objects.get(kind="dossier")
    if row.state != Deposit.State.KEPT:
        deposits.deposit(str(row.pk), owner="w", clock=now)
    return Deposit.objects.get(pk=row.pk)


def found(browser: Browser, words: str) -> bool:
    page = browser.get("/admin/evidence/deposit/", {"q": words}).content.decode()
    return "/container/" in page


def test_by_the_clients_own_reference(kept: Deposit) -> None:
    browser = member_browser(Client.objects.get())
    assert kept.state == Deposit.State.KEPT
    for words in ("CMD-4711/B", "cmd-4711", "martin cmd-4711/b"):
        assert found(browser, words), words
    assert not found(browser, "CMD-4712")


def test_by_date(kept: Deposit) -> None:
    """Of the day it was begun, sealed or deposited, as people write dates; alone and beside a name."""
    browser = member_browser(Client.objects.get())
    begun = datetime(2024, 2, 29, 23, 30, tzinfo=UTC)  # in Paris it is the first of March already
    Trail.objects.filter(deposits=kept).update(created_at=begun)
    ended = datetime(2024, 3, 4, 12, tzinfo=UTC)
    Deposit.objects.filter(pk=kept.pk).update(requested_at=ended, kept_at=ended + timedelta(days=1))
    for words in ("01/03/2024", "2024-03-01", "4/3/2024", "2024-03-05", "03/2024", "2024-03", "martin 05/03/2024"):
        assert found(browser, words), words
    for words in ("29/02/2024", "02/2024", "2024-03-06", "durand 05/03/2024"):
        assert not found(browser, words), words


def test_a_reference_that_looks_like_a_date_is_found_too(kept: Deposit) -> None:
    Deposit.objects.filter(pk=kept.pk).update(words="exs-2026-1 lot 07/1999")
    assert found(member_browser(Client.objects.get()), "07/1999")


def test_envelopes_by_date_and_by_the_clients_own_reference(kept: Deposit) -> None:
    browser = member_browser(Client.objects.get())
    Envelope.objects.update(created_at=datetime(2024, 3, 1, tzinfo=UTC), closed_at=datetime(2024, 3, 4, 12, tzinfo=UTC))
    for words, there in (
        ("01/03/2024", True),
        ("2024-03-04 martin", True),
        ("03/2024 cmd-4711/b", True),
        ("2024-03-02", False),
        ("04/03/2024 durand", False),
        ("CMD-4712", False),
    ):
        page = browser.get("/admin/signing/envelope/", {"q": words}).content.decode()
        assert (kept.trail is not None and kept.trail.reference in page) is there, words


@pytest.mark.parametrize("term", ["31/02/2024", "2024-13", "0000-01", "9999-12-31", "99/9999", "CMD-4711", "2024"])
def test_what_is_no_date_is_a_word(term: str) -> None:
    assert dates.span(term) is None
