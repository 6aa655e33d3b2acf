"""A file that was signed with the certificate of somebody else is not the signer's (issue 4, part 4)."""

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
        ("Ольга Петрова", "Olga Petrova"),
        ("Olga Petrova", "Ольга Петрова"),
        ("Martin", "Martin"),
    ],
)
def test_the_same_person_however_it_is_spelled(person: str, subject: str) -> None:
    assert bearers.is_named(person, [subject])


def test_a_name_that_was_cut_stands_whole_beside_it() -> None:
    assert bearers.is_named("Camille Martin", ["C. M.", "Camille", "Martin"])


@pytest.mark.parametrize("subject", ["Jean Dupont", "Camille Durand", "Jean Martin", "CertSign SA"])
def test_another_person(subject: str) -> None:
    assert not bearers.is_named("Camille Martin", [subject])


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


def test_it_is_refused_and_told(signing: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    """However sound the file: the alarm and the entry name why, and nothing is kept."""

    def sound_file(*_given: Any, **_named: Any) -> Any:
        issued = received.Issued("1", "a", "b", "CN=Jean Dupont", ("Jean Dupont",), "CN=x", "", now(), now(), "", ())
        revoked = received.RevocationList("CN=x", 1, now(), now(), b"")
        return received.Received("f", "l", (0,), "c", now(), (b"", b""), issued, revoked, ())

    monkeypatch.setattr(received, "check", sound_file)
    monkeypatch.setattr(taking, "trusted", lambda: ())
    with pytest.raises(taking.NotTaken, match="another_holder"):
        taking.take(signing.order, {signing.request: signing.content}, at=now())
    (entry,) = trail.entries(signing.order.trail)
    assert (entry.kind, entry.data["check"]) == ("signature.rejected", "another_holder")
    signing.order.refresh_from_db()
    assert signing.order.signed_at is None
