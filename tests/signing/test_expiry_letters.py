"""Issue 8, part 5: the letters of an envelope that time has ended, to its client and to whoever was asked in vain."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils.timezone import now

from evidence import bell, trail
from otp.models import Message
from signing.actions import wishes
from signing.clients.models import Client
from signing.jobs import letters
from signing.jobs.sweep import due_letters, sweep
from signing.models import Envelope, Signer
from signing.states import EnvelopeState, SignerState
from tests.signing import walks

NOON = (now().astimezone(ZoneInfo("Europe/Paris")) + timedelta(days=12)).replace(hour=12, minute=0)
PAUL = replace(walks.CAMILLE, first_name="Paul", email="paul@exemple.fr")


def mails(subject: str) -> list[Path]:
    return [file for file in sorted(Path(settings.MAILBOX_DIR).glob("*.eml")) if subject in walks.subject_of(file)]


def to_signers() -> list[Path]:
    return mails("Le délai pour signer est passé")


def to_client() -> list[Path]:
    return mails("Délai passé avant toutes les signatures")


def expire(at: datetime = NOON) -> None:
    """Time ends the envelope at an instant, and what is due then goes out."""
    Client.objects.update(contact_email="contact@exemple.fr")
    Envelope.objects.update(expires_at=at)
    bell.ring(*sweep(at))
    assert Envelope.objects.get().state == EnvelopeState.EXPIRED
    send(at)


def send(at: datetime) -> None:
    for each in due_letters(at):
        letters.send_message(each, owner="w", clock=lambda: at)


def test_signer_and_client_are_told(walk: Path) -> None:
    created = walks.an_envelope(walk)
    walks.work()
    walks.opened(created)
    expire()
    (signer,), (client,) = to_signers(), to_client()
    assert "Rien n’a été signé en votre nom." in walks.text_of(signer)
    assert "/a/" in walks.text_of(signer)  # the path was opened: its dossier is there (decision 18)
    assert "- Camille Martin, a ouvert les documents, n’a pas signé" in walks.text_of(client)
    assert b"contact@exemple.fr" in client.read_bytes()
    told = [entry for entry in trail.entries(Signer.objects.get().envelope.trail) if entry.kind == "delivery.sent"]
    assert [entry.data["content"] for entry in told] == ["expired", "lapsed"]


def test_who_never_opened_it_has_no_link_that_leads_nowhere(walk: Path) -> None:
    walks.an_envelope(walk)
    walks.work()
    expire()
    (signer,) = to_signers()
    assert "/a/" not in walks.text_of(signer)
    assert "Demandez un nouvel envoi à Exemple SA, contact@exemple.fr." in walks.text_of(signer)
    assert "n’a pas ouvert les documents" in walks.text_of(to_client()[0])


@pytest.mark.parametrize("swept", [1, 2])
def test_the_letters_are_one_each_however_often_it_is_swept(walk: Path, swept: int) -> None:
    walks.an_envelope(walk)
    walks.work()
    expire()
    for _ in range(swept):
        sweep(NOON + timedelta(seconds=1))
        send(NOON + timedelta(seconds=1))
    assert (len(to_signers()), len(to_client())) == (1, 1)


def test_only_who_could_still_sign_is_written_to(walk: Path) -> None:
    """Camille has signed, Paul's turn never came: neither was asked in vain. The client is told of both."""
    third = replace(PAUL, first_name="Zoé", email="zoe@exemple.fr", turn=2)
    created = walks.an_envelope(walk, signers=(walks.CAMILLE, replace(PAUL, turn=2), replace(third, turn=3)))
    walks.signed(created)
    expire()
    (signer,), (client,) = to_signers(), to_client()
    assert b"paul@exemple.fr" in signer.read_bytes()
    said = walks.text_of(client)
    assert "- Camille Martin, a signé le" in said
    assert "- Paul Martin, n’a pas ouvert les documents" in said
    assert "- Zoé Martin, son tour n’est pas venu" in said


def test_who_wants_no_letters_gets_none_and_not_me_is_told(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=(walks.CAMILLE, PAUL))
    walks.work()
    camille, paul = created.envelope.signers.order_by("n")
    wishes.stop_letters(signer=camille, through="page", actor=walks.actor(), at=now())
    wishes.disown(signer=paul, actor=walks.actor(), at=now())
    expire()
    assert not to_signers()
    assert "- Paul Martin, suspendu\u00a0: «\u00a0Ce n’est pas moi\u00a0»" in walks.text_of(to_client()[0])


def test_at_night_the_signers_letter_waits_for_the_morning(walk: Path) -> None:
    """Envelopes of the administration end a second before midnight."""
    walks.an_envelope(walk)
    walks.work()
    midnight = NOON.replace(hour=23, minute=59)
    expire(midnight)
    assert (len(to_signers()), len(to_client())) == (0, 1)
    send(midnight + timedelta(hours=8))
    assert not to_signers()
    send(midnight + timedelta(hours=8, minutes=2))
    assert len(to_signers()) == 1


@pytest.mark.parametrize("wish", ["stop", "not me"])
def test_who_says_so_in_the_night_has_none_in_the_morning(walk: Path, wish: str) -> None:
    walks.an_envelope(walk)
    walks.work()
    midnight = NOON.replace(hour=23, minute=59)
    expire(midnight)
    signer = Signer.objects.get()
    if wish == "stop":
        wishes.stop_letters(signer=signer, through="page", actor=walks.actor(), at=midnight)
    else:
        wishes.disown(signer=signer, actor=walks.actor(), at=midnight)
    send(midnight + timedelta(hours=8, minutes=2))
    assert not to_signers()


def test_an_envelope_that_ended_otherwise_has_none(walk: Path) -> None:
    walks.signed(walks.an_envelope(walk))
    Envelope.objects.update(expires_at=NOON)
    bell.ring(*sweep(NOON))
    assert not Message.objects.filter(kind__in=("expired", "lapsed")).exists()


def test_a_client_without_an_address_is_not_written_to(walk: Path) -> None:
    walks.an_envelope(walk)
    Envelope.objects.update(expires_at=NOON)
    sweep(NOON)
    assert list(Message.objects.exclude(kind="link").values_list("kind", flat=True)) == ["expired"]


def test_in_english(walk: Path) -> None:
    walks.an_envelope(walk, signers=(replace(walks.CAMILLE, language="en"),))
    walks.work()
    Envelope.objects.update(language="en")
    expire()
    (signer,) = mails("The time to sign is over")
    assert "Nothing was signed in your name." in walks.text_of(signer)
    assert mails("Time over before all had signed")
    assert Signer.objects.get().state == SignerState.EXPIRED
