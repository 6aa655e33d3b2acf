"""What time ends: paths past their day, told on every page before; reliability.md, "SIGN against expiry"."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils.timezone import now

from evidence import bell
from evidence.models import Dossier
from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.actions.signature import NotPossible
from signing.backend.models import Order
from signing.backend.states import OrderStatus, RequestStatus
from signing.jobs.sweep import sweep
from signing.models import CodeChannel, Envelope, Revision, Signer
from signing.states import EnvelopeState, SignerState
from signing.templatetags.words import moment
from tests.signing import walks
from tests.signing.views.browser import Browser, words_of

CLICK = NewSigner("Camille", "Martin", "camille@exemple.fr", code_channel=CodeChannel.NONE)


def late() -> None:
    """The envelope's day has just passed, and no sweeper has looked yet."""
    Envelope.objects.update(expires_at=now() - timedelta(seconds=1))


def state() -> str:
    return Signer.objects.get().state


@pytest.mark.parametrize("reached", [SignerState.INVITED, SignerState.OPENED, SignerState.CODE_SENT])
def test_a_path_past_its_day_ends_with_its_dossier_and_order(walk: Path, reached: SignerState) -> None:
    created = walks.an_envelope(walk)
    if reached == SignerState.OPENED:
        walks.opened(created)
    elif reached == SignerState.CODE_SENT:
        walks.with_code(created)
    assert state() == reached
    end = now()
    Envelope.objects.update(expires_at=end)
    sweep(end - timedelta(seconds=1))
    assert state() == reached
    bell.ring(*sweep(end))
    walks.work()
    assert state() == SignerState.EXPIRED
    assert Envelope.objects.get().state == EnvelopeState.EXPIRED
    assert walks.entries(Signer.objects.get()).count("envelope.closed") == 1
    assert Dossier.objects.get().state == Dossier.State.QUEUED
    assert {order.status for order in Order.objects.all()} <= {OrderStatus.DISCARDED}
    assert {each.status for order in Order.objects.all() for each in order.requests.all()} <= {RequestStatus.DISCARDED}


def test_who_is_signing_at_that_moment_finishes(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=(CLICK,))
    signature.click_sign(signer=walks.ready(created), actor=walks.actor(), at=now())
    sweep(created.envelope.expires_at)
    assert state() == SignerState.SIGNING
    walks.work()
    assert state() == SignerState.SIGNED


def test_nothing_is_signed_or_sent_after_the_day_also_before_the_sweeper_looks(walk: Path) -> None:
    signer, code = walks.with_code(walks.an_envelope(walk))
    end = signer.envelope.expires_at
    with pytest.raises(NotPossible):
        signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=end)
    with pytest.raises(NotPossible):
        signature.resend_code(signer=signer, actor=walks.actor(), at=end)
    Signer.objects.update(state=SignerState.OPENED)
    with pytest.raises(NotPossible):
        signature.click_sign(signer=signer, actor=walks.actor(), at=end)
    assert not Revision.objects.exists()


@pytest.mark.parametrize("swept", [False, True])
def test_the_pages_say_that_the_time_is_over_and_what_to_do(walk: Path, *, swept: bool) -> None:
    """signer-page.md, 7: expired, plain words, next step."""
    created = walks.an_envelope(walk)
    walks.ready(created)
    browser = Browser()
    url = browser.open(created)
    late()
    if swept:
        sweep(now())
    assert browser.get(url)["Location"] == f"{url}closed"
    assert browser.get(f"{url}refuse")["Location"] == f"{url}closed"
    assert browser.get(f"{url}code")["Location"] == f"{url}closed"
    assert browser.post(f"{url}sign")["Location"] == f"{url}closed"
    page = words_of(browser.get(f"{url}closed"))
    assert "Le délai pour signer est passé." in page
    assert "Demander un nouvel envoi à Exemple SA." in page
    shown, pressed = Browser().get(f"/a/{created.tokens[0]}"), Browser().post(f"/a/{created.tokens[0]}")
    assert (shown.status_code, pressed.status_code) == ((200, 302) if swept else (410, 410))
    assert ("access.refused" in walks.entries(Signer.objects.get())) is not swept


def test_the_last_day_is_told_on_the_landing_page_and_in_the_mail(walk: Path) -> None:
    created = walks.an_envelope(walk)
    walks.work()
    told = moment(created.envelope.expires_at)
    assert told in words_of(Browser().get(f"/a/{created.tokens[0]}")).replace("Vendredi", "vendredi").lower()
    (letter,) = (walk / "mailbox").glob("*.eml")
    assert told in walks.text_of(letter)
    assert created.envelope.expires_at - created.envelope.created_at == timedelta(days=settings.ENVELOPE_DAYS)


def test_of_sign_and_the_end_of_the_day_exactly_one_wins(walk: Path) -> None:
    """reliability.md, faults: SIGN against expiry."""
    created = walks.an_envelope(walk, signers=(CLICK,))
    signer = walks.ready(created)
    end = now()
    Envelope.objects.update(expires_at=end)
    barrier, ends = threading.Barrier(2), []

    def race(do: Callable[[], object]) -> None:
        barrier.wait()
        try:
            do()
            ends.append("done")
        except NotPossible:
            ends.append("refused")
        finally:
            connections.close_all()

    click = lambda: signature.click_sign(  # noqa: E731 - two words for the two threads
        signer=signer, actor=walks.actor(), at=end - timedelta(milliseconds=1)
    )
    threads = [threading.Thread(target=race, args=(do,)) for do in (click, lambda: sweep(end))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    walks.work()
    signed = state() == SignerState.SIGNED
    assert sorted(ends) == (["done", "done"] if signed else ["done", "refused"])
    assert state() in {SignerState.SIGNED, SignerState.EXPIRED}
    assert Revision.objects.exists() == signed
    assert walks.entries(signer).count("envelope.closed") == 1
    expected = EnvelopeState.COMPLETED if signed else EnvelopeState.EXPIRED
    assert Envelope.objects.get().state == expected
