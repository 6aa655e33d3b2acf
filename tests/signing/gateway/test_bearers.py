"""A file that was signed with the certificate of somebody else is not the signer's (issue 4, part 4)."""

import logging
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence import files, trail
from evidence.verify import received
from signing.gateway.remote import bearers, taking
from signing.models import RemoteOrder, RemoteRequest
from tests.pdfs import sound
from tests.signing import walks


@pytest.mark.parametrize(
    ("person", "subject"),
    [
        ("Camille Martin", "Camille Martin"),
        ("Camille Martin", "MARTIN CAMILLE"),
        ("Éloïse D'Aubigné", "ELOISE DAUBIGNE"),
        ("Jörg Müller", "JOERG MUELLER"),
        ("Jörg Müller", "Jorg Muller"),
        ("Søren Strauß", "SOEREN STRAUSS"),
        ("Anne-Marie Le Goff", "Anne Marie LE GOFF"),
        ("Camille Martin", "Dr. Camille Martin-Durand"),
        ("Maria da Conceição dos Santos Rodrigues Pereira", "Maria da Conceicao dos Santos"),
        ("Ольга Петрова", "ПЕТРОВА ОЛЬГА"),
        ("Семён Королёв", "Семен Королев"),
        ("Γιώργος Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ ΓΙΩΡΓΟΣ"),
        ("小明 陈", "陈小明"),
        ("山田 たろう", "山田太郎"),
        ("민수 김", "김민수"),
        ("Ольга Martin", "Olga Martin"),
        ("Martin", "Martin"),
    ],
)
def test_the_same_person_however_it_is_spelled(person: str, subject: str) -> None:
    assert bearers.is_named(person, [subject])


def test_a_name_that_was_cut_stands_whole_beside_it() -> None:
    assert bearers.is_named("Camille Martin", ["C. M.", "Camille", "Martin"])


@pytest.mark.parametrize(
    ("person", "subject"),
    [
        ("Camille Martin", "Jean Dupont"),
        ("Camille Martin", "Camille Durand"),
        ("Camille Martin", "Jean Martin"),
        ("Camille Martin", "CertSign SA"),
        ("Ольга Петрова", "Иван Сидоров"),
        ("Ольга Петрова", "Ольга Сидорова"),
        ("小明 陈", "陈大文"),
        ("Ольга Martin", "Olga Durand"),
    ],
)
def test_another_person(person: str, subject: str) -> None:
    assert bearers.is_named(person, [subject]) is False


@pytest.mark.parametrize(
    ("person", "subject"), [("Ольга Петрова", "Olga Petrova"), ("Olga Petrova", "Ольга Петрова"), ("太郎 山田", "12")]
)
def test_nobody_can_tell_how_a_name_is_written_in_another_script(person: str, subject: str) -> None:
    assert bearers.is_named(person, [subject]) is None


@dataclass
class Signing:
    """An order at another service, and what its file is found to be."""

    order: RemoteOrder
    request: RemoteRequest
    content: bytes


@pytest.fixture
def signing(walk: Path) -> Signing:
    del walk
    content, signer = sound.contract(1), str(uuid.uuid4())
    sha256 = files.put_bytes(content)
    client = walks.a_client()
    journal = trail.open_trail(tenant=str(client.pk), reference=f"EXS-{signer[:8]}", at=now())
    order = RemoteOrder.objects.create(
        signer=signer, trail=journal, reference=journal.reference, binding="", name="Camille Martin", language="fr",
        otp=False, channel="email", contact="c@exemple.fr", created_at=now(),
    )  # fmt: skip
    request = RemoteRequest.objects.create(
        order=order, document=str(uuid.uuid4()), n=1, presented_sha256=sha256, presented_size=len(content), pages=1,
        handed_sha256=sha256, handed_size=len(content),
    )  # fmt: skip
    return Signing(order, request, content)


def comes_back(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A file that is sound, with the certificate of this person."""

    def sound_file(*_given: Any, **_named: Any) -> Any:
        issued = received.Issued("1", "a", "b", f"CN={name}", (name,), "CN=x", "", now(), now(), "", ())
        revoked = received.RevocationList("CN=x", 1, now(), now(), b"")
        return received.Received("f", "l", (0,), "c", now(), (b"", b""), issued, revoked, ())

    monkeypatch.setattr(received, "check", sound_file)
    monkeypatch.setattr(taking, "trusted", lambda: ())


def test_a_name_that_is_not_compared_is_told_in_the_log(
    signing: Signing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is taken: chain, file and ids are the order's. Whoever reads the log looks at the name."""
    comes_back(monkeypatch, "Камий Мартен")
    with caplog.at_level(logging.WARNING, "paraphe.remote"):
        taking._checked(signing.order, signing.request, signing.content, at=now())
    assert [record.getMessage() for record in caplog.records] == ["holder not compared: another script"]


def test_it_is_refused_and_told(signing: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    """However sound the file: the alarm and the entry name why, and nothing is kept."""
    comes_back(monkeypatch, "Jean Dupont")
    with pytest.raises(taking.NotTaken, match="another_holder"):
        taking.take(signing.order, {signing.request: signing.content}, at=now())
    (entry,) = trail.entries(signing.order.trail)
    assert (entry.kind, entry.data["check"]) == ("signature.rejected", "another_holder")
    signing.order.refresh_from_db()
    assert signing.order.signed_at is None
