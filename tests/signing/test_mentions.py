"""A mention that a client has its signers type: compared kindly, recorded each time, asked for before SIGNER, told."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence import chain, events, files, trail
from evidence.dossier import facts, pdf
from evidence.trail import Read
from signing.actions import reading, signature
from signing.actions.signature import NotReady
from signing.clients import mentions
from signing.jobs import keeping
from signing.models import Signer, SignerConsent
from tests.signing import walks
from tests.signing.demanding import WANTED, demanding, typed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed",
    [
        "Lu et approuvé",
        "  lu  et approuve ",
        "LU ET APPROUVÉ.",
        "« Lu et approuvé »",
        "Lu\u00a0et approuve\u0301",
        '"lu et approuvé"',
    ],
)
def test_a_mention_is_compared_kindly(typed: str) -> None:
    """Case, accents, blanks and what stands around do not count."""
    assert mentions.agrees(typed, WANTED)


@pytest.mark.parametrize(
    "typed", ["", "Lu", "Lu et approuvée", "Luetapprouvé", "Lu et désapprouvé", "Non lu et approuvé", "…"]
)
def test_other_words_are_no_mention(typed: str) -> None:
    assert not mentions.agrees(typed, WANTED)


def test_apostrophes_and_ligatures_of_any_keyboard_agree() -> None:
    assert mentions.agrees("Bon pour l'oeuvre", "Bon pour l’œuvre")
    assert not mentions.agrees("...", "…")


def told(signer: Signer) -> list[Read]:
    return [entry for entry in trail.entries(signer.envelope.trail) if entry.kind == events.MentionTyped.kind]


def test_signer_waits_for_the_mention(walk: Path) -> None:
    signer = walks.ready(walks.an_envelope(walk, client=demanding()))
    with pytest.raises(NotReady) as refused:
        signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    assert refused.value.progress.missing_mentions == ("whole",)
    assert not typed(signer, "Lu et approuvée").typed_at
    assert not walks.fresh(signer).enabled_at
    assert typed(signer, "lu et approuve").typed_at
    assert walks.fresh(signer).enabled_at
    typed(signer, "")
    with pytest.raises(NotReady):
        signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    typed(signer, WANTED)
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    with pytest.raises(reading.PathClosed):
        typed(signer, "Autre chose")


def test_every_change_of_it_is_an_entry_with_what_was_typed(walk: Path) -> None:
    """What was typed is a personal value: committed to, kept beside the entry."""
    signer = walks.opened(walks.an_envelope(walk, client=demanding()))
    for words in ("Lu", "Lu", "lu et\tapprouve\0", ""):
        typed(signer, words)
    found = told(signer)
    assert [entry.data["result"] for entry in found] == ["differs", "same", "emptied"]
    assert [entry.value("typed") for entry in found] == ["Lu", "lu et approuve", None]
    assert all("typed" not in entry.data for entry in found)
    with pytest.raises(SignerConsent.DoesNotExist):  # asks for none
        reading.set_mention(signer=signer, consent="terms", typed="x", actor=walks.actor(), at=now())


def test_the_binding_holds_what_is_asked_for(walk: Path) -> None:
    """Part 5: in the binding; the digest of the statement is that of its words and the mention's."""
    signer = walks.opened(walks.an_envelope(walk, client=demanding()))
    words = f"J’ai tout lu.\nMention à écrire\u00a0: «\u00a0{WANTED}\u00a0»"
    armed = next(entry for entry in trail.entries(signer.envelope.trail) if entry.kind == "path.armed")
    asked: list[dict[str, Any]] = armed.data["consents"]
    assert asked[1]["mention"] == WANTED
    assert asked[1]["sha256"] == hashlib.sha256(words.encode()).hexdigest()
    assert files.read(asked[1]["sha256"]).decode() == words
    declared = trail.first(signer.envelope.trail, events.SignerDeclared)
    assert armed.data["binding"] == chain.binding(
        reference=signer.envelope.reference,
        signer=trail.commitments(declared, "first_name", "last_name", "email", "mobile"),
        documents=armed.data["documents"],
        consents=[{"id": each["id"], "sha256": each["sha256"]} for each in asked],
    )


def test_the_dossier_tells_the_mention(walk: Path) -> None:
    signer = walks.ready(walks.an_envelope(walk, client=demanding()))
    for words in ("Lu", "lu et approuve"):
        typed(signer, words)
    wrong, right = (entry.seq for entry in told(signer))
    signature.refuse(signer=signer, choice="other", reason="", actor=walks.actor(), at=now())
    found = facts.collect(signer.envelope.trail, str(signer.public_id), dossier_id="d", at=now(), software="Paraphe")
    mention = found.consent.statement[1].mention
    assert mention
    assert mention.typed
    assert (mention.wanted, mention.typed.text, mention.typed_entry) == (WANTED, "lu et approuve", right)
    assert mention.other_entries == (wrong,)
    assert [each.mention for each in found.consent.statement if each.id != "whole"] == [None, None]
    printed = pdf.page(found, digest="0" * 64, zone="Europe/Paris").replace("\u00a0", " ").replace("\u202f", " ")
    assert f"Mention demandée : « {WANTED} »." in printed
    assert ": « lu et approuve »." in printed
    assert "Pour la phrase 2, le signataire écrit « Lu » : ce n’est pas la mention demandée." in printed


def test_a_signed_dossier_says_so_on_page_one(walk: Path) -> None:
    signer = walks.ready(walks.an_envelope(walk, client=demanding()))
    typed(signer, WANTED)
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    walks.work()
    signature.submit_code(signer=walks.fresh(signer), code=walks.newest_code(), actor=walks.actor(), at=now())
    walks.work()
    found = facts.collect(signer.envelope.trail, str(signer.public_id), dossier_id="d", at=now(), software="Paraphe")
    assert "La mention demandée a été écrite par le signataire." in pdf.page(
        found, digest="0" * 64, zone="Europe/Paris"
    )


def test_what_was_typed_is_erased_with_the_person(walk: Path) -> None:
    created = walks.an_envelope(walk, client=demanding())
    typed(walks.opened(created), "Camille Martin")
    keeping.erase(created.envelope.trail, now())
    assert SignerConsent.objects.get(key="whole").typed == ""
