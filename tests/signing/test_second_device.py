"""Reading that goes on elsewhere: a flag in the trail and in the dossier, never a block."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now

from evidence import events, trail
from evidence.dossier import facts, pdf
from evidence.trail import Actor, Read, Terminal
from signing.actions import paths, reading, signature
from signing.jobs import keeping
from signing.models import ReadingBrowser, Signer
from signing.reading import FULL, Claim
from tests.signing import walks

pytestmark = pytest.mark.django_db


def on(browser: str, *, session: str = "s", ip: str = "192.0.2.1") -> Actor:
    return Actor(role="signer", session=session * 64, request="r", terminal=Terminal(ip, "50000", browser))


def read(signer: Signer, page: int, actor: Actor) -> None:
    """One page of the first document, seen whole for its time."""
    paths.present_document(signer=signer, document=signer.envelope.documents.get(n=1), actor=actor, at=now())
    Signer.objects.filter(pk=signer.pk).update(reading_credit_at=now() - timedelta(minutes=1))
    claims = [Claim(1, page, FULL, 1_000)]
    reading.take_reading(signer=signer, stream=f"stream-{page}", seq=1, claims=claims, actor=actor, at=now())


def moved(signer: Signer) -> list[Read]:
    return [each for each in trail.entries(signer.envelope.trail) if each.kind == events.ReadingMoved.kind]


def test_a_second_device_is_flagged_once_and_stops_nothing(walk: Path) -> None:
    """signer-page.md, Proof of reading: reading survives a second device; oddities are flags, never silent blocks."""
    signer = walks.opened(walks.an_envelope(walk))
    read(signer, 1, on("Telephone"))
    assert moved(signer) == []
    read(signer, 2, on("Desk", session="t", ip="192.0.2.2"))
    (flag,) = moved(signer)
    assert flag.data["browsers"] == 2
    assert flag.value("user_agent") == "Desk"
    walks.read(signer)  # in a third, by the buttons
    assert [each.data["browsers"] for each in moved(signer)] == [2, 3]
    read(signer, 1, on("Telephone"))
    assert len(moved(signer)) == 2
    ready = walks.agreed(walks.fresh(signer))
    signature.click_sign(signer=ready, actor=walks.actor(), at=now())
    assert walks.fresh(signer).clicked_at


def test_the_same_browser_under_another_link_or_address_is_no_second_device(walk: Path) -> None:
    signer = walks.opened(walks.an_envelope(walk))
    read(signer, 1, on("Telephone"))
    read(signer, 2, on("Telephone", session="t", ip="198.51.100.9"))
    assert moved(signer) == []


def test_a_batch_does_not_repeat_the_device(walk: Path) -> None:
    """Only the flag commits to it: a batch comes each second."""
    signer = walks.opened(walks.an_envelope(walk))
    read(signer, 1, on("Telephone"))
    (page,) = (each for each in trail.entries(signer.envelope.trail) if each.kind == "page.read")
    assert page.value("user_agent") is None


def test_the_dossier_tells_it(walk: Path) -> None:
    signer = walks.opened(walks.an_envelope(walk))
    read(signer, 1, on("Telephone"))
    signer = walks.agreed(walks.read(signer))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    walks.work()
    signature.submit_code(signer=walks.fresh(signer), code=walks.newest_code(), actor=walks.actor(), at=now())
    walks.work()
    told = facts.collect(signer.envelope.trail, str(signer.public_id), dossier_id="d", at=now(), software="Paraphe")
    (flag,) = moved(signer)
    assert told.documents.moved_entries == (flag.seq,)
    printed = pdf.page(told, digest="0" * 64, zone="Europe/Paris").replace("\u00a0", " ").replace("\u202f", " ")
    assert "La lecture s’est faite sur plusieurs appareils ou navigateurs." in printed
    assert "La lecture se poursuit sur un autre appareil ou dans un autre navigateur (le n° 2)." in printed


def test_what_browsers_called_themselves_goes_with_the_person(walk: Path) -> None:
    created = walks.an_envelope(walk)
    read(walks.opened(created), 1, on("Telephone"))
    assert ReadingBrowser.objects.count() == 1
    keeping.erase(created.envelope.trail, now())
    assert not ReadingBrowser.objects.exists()
