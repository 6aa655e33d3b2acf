"""A path that asks for no code; DESIGN, Words: SIGN is the code, or the click where no code is asked."""

from pathlib import Path

import pytest
from django.utils.timezone import now

from evidence import trail
from otp.models import Code
from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.backend.models import Order
from signing.backend.states import OrderStatus
from signing.models import CodeChannel, Revision, Signer
from signing.states import SignerState
from tests.signing import walks
from tests.signing.views.browser import Browser, words_of

CLICK = NewSigner("Camille", "Martin", "camille@exemple.fr", code_channel=CodeChannel.NONE)


def test_the_click_is_sign(walk: Path) -> None:
    """No code is issued or entered anywhere; the signature carries the binding that was clicked."""
    created = walks.an_envelope(walk, signers=(CLICK,))
    signer = walks.ready(created)
    signer = signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    assert (signer.state, signer.work) == (SignerState.SIGNING, Signer.Work.SIGN)
    walks.work()
    signer = walks.fresh(signer)
    assert signer.state == SignerState.SIGNED
    assert not Code.objects.exists()
    order = Order.objects.get()
    assert (order.otp, order.status) == (False, OrderStatus.CLOSED)
    told = list(trail.entries(signer.envelope.trail))
    assert not [entry.kind for entry in told if entry.kind.startswith("code.")]
    (armed,) = [entry.data for entry in told if entry.kind == "path.armed"]
    assert (armed["code_channel"], armed["independent_channel"]) == ("none", False)
    assert {entry.data["binding"] for entry in told if entry.kind in {"sign.clicked", "signature.made"}} == {
        signer.binding
    }


def test_a_second_click_signs_nothing_more(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=(CLICK,))
    signer = walks.ready(created)
    for _ in range(2):
        signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    walks.work()
    with pytest.raises(signature.NotPossible):
        signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    assert Revision.objects.count() == 1
    assert walks.entries(signer).count("sign.clicked") == 1


def test_the_pages_speak_of_no_code_and_lead_straight_to_the_progress(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=(CLICK,))
    walks.work()
    browser = Browser()
    assert "code" not in words_of(browser.get(f"/a/{created.tokens[0]}")).partition("<main")[2]
    url = browser.open(created)
    walks.ready(created)
    page = words_of(browser.get(url))
    assert "Cliquer sur SIGNER signe." in page
    assert "Un code vous sera demandé" not in page
    assert browser.post(f"{url}sign")["Location"] == f"{url}progress"
    assert browser.get(f"{url}code")["Location"] == f"{url}progress"
    assert browser.post(f"{url}code", {"code": "123456"})["Location"] == f"{url}progress"
    (letter,) = (walk / "mailbox").glob("*.eml")
    assert "code" not in walks.text_of(letter)
