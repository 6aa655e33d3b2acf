"""The facts of a dossier: from the trail and the frozen files alone."""

from typing import Literal

import pytest
from django.db import transaction
from django.utils import timezone

from evidence import chain, events, files, trail
from evidence.dossier import facts
from evidence.dossier.facts import DossierFacts
from evidence.dossier.story import Contradiction
from evidence.models import Opening
from tests.evidence import rental, trails
from tests.evidence.trails import Walk

pytestmark = pytest.mark.django_db


def collect(walk: Walk) -> DossierFacts:
    return facts.collect(
        walk.trail, walk.signer, dossier_id="11111111-2222", at=timezone.now(), software="Paraphe 0.1.0"
    )


def test_a_signed_path_is_told_whole() -> None:
    """evidence.md, Dossier 3: identification, consent, link and integrity, each with its entries and digests."""
    walk = trails.signed()

    told = collect(walk)

    assert told.summary.outcome == "SIGNED"
    assert told.summary.binding == walk.binding
    assert told.summary.digits == walk.binding[:8]
    assert [each.name for each in told.summary.condition] == ["identification", "consent", "link", "integrity"]
    assert all(each.entries for each in told.summary.condition)
    assert told.signer.last_name.text == "Martin"
    assert [each.pages_read for each in told.documents.document] == [6, 4]
    assert [each.checked_at is not None for each in told.consent.statement] == [True, True, True]
    assert told.consent.statement[0].wording.text == rental.STATEMENTS["fr"]["terms"]
    assert told.certificate is not None
    assert told.certificate.key is not None
    assert told.certificate.key.uses == 1


def test_the_code_exchange_is_told_without_the_code() -> None:
    """evidence.md: where it went, what was entered, that equality was checked, the wrong tries; never the code."""
    told = collect(trails.signed()).authentication

    assert told is not None
    assert (told.verified, told.failures, told.independent) == (True, 1, False)
    code = told.code[0]
    assert code.sending[0].recipient.text == "camille.martin@exemple.fr"
    assert code.wrong_try[0].tries_left == 4
    assert code.accepted_at is not None


def test_a_refusal_tells_who_when_and_why_and_no_signature() -> None:
    """evidence.md, Dossier 5: a refused path has a dossier that does not pretend to a signature."""
    walk = trails.refused()

    told = collect(walk)

    assert (told.summary.outcome, told.summary.refused_by) == ("REFUSED", "signer")
    assert told.consent.refusal is not None
    assert told.consent.refusal.reason is not None
    assert told.consent.refusal.reason.text.startswith("La durée du bail")
    assert told.certificate is None
    assert told.signatures.signature == ()
    assert not any(each.signed for each in told.documents.document)
    integrity = told.summary.condition[-1]
    frozen = {entry.seq for entry in trail.entries(walk.trail) if entry.kind == events.DocumentFrozen.kind}
    assert frozen <= set(integrity.entries)
    assert [each.sha256 for each in integrity.digest[:-1]] == [each.sha256 for each in told.documents.document]


@pytest.mark.parametrize("outcome", ["EXPIRED", "CANCELLED", "FAILED"])
def test_a_path_that_was_left_has_its_outcome(outcome: Literal["EXPIRED", "CANCELLED", "FAILED"]) -> None:
    """evidence.md, Dossier 5."""
    assert collect(trails.closed(outcome)).summary.outcome == outcome


def test_a_refusal_by_somebody_else_is_not_this_signers() -> None:
    told = collect(trails.closed("REFUSED"))

    assert (told.summary.outcome, told.summary.refused_by) == ("REFUSED", "other")


def test_too_many_wrong_codes_are_told() -> None:
    told = collect(trails.locked())

    assert told.summary.locked
    assert told.authentication is not None
    assert told.authentication.failures == 5


def test_erased_values_do_not_break_the_dossier() -> None:
    """evidence.md, Trail: values and salts can be erased, the chain still verifies."""
    walk = trails.signed()
    assert trails.erase(walk.trail, "first_name", "last_name", "email", "recipient", "certificate", "ip", "title")

    told = collect(walk)

    assert told.signer.first_name.erased
    assert told.signer.first_name.text == ""
    assert "first_name" in told.journal.entry[told.signer.entry - 1].erased
    assert told.summary.binding == walk.binding


def test_openings_of_another_signer_stay_closed() -> None:
    """evidence.md, Dossier 1: a signer's dossier does not hold the other signers' data."""
    walk = trails.refused()
    other = events.SignerDeclared(
        signer="other",
        n=2,
        declared_by="client",
        identity_check="none",
        first_name="Ada",
        last_name="L",
        email="a@b.fr",
    )
    walk.say(other)

    told = collect(walk)

    last = told.journal.entry[-1]
    assert (last.scope, last.opening, last.erased) == ("other", (), ())
    assert told.transaction.signers == 2
    assert all(each.opening for each in told.journal.entry if each.kind == "signer.declared" and each.scope == "signer")


def test_every_entry_keeps_its_exact_bytes() -> None:
    walk = trails.refused()

    told = collect(walk)

    for entry, read in zip(told.journal.entry, walk.read(), strict=True):
        assert entry.line.text.encode() == read.canonical
        assert chain.digest(entry.line.text.encode()) == entry.digest


def test_a_path_that_has_not_ended_has_no_dossier() -> None:
    walk = Walk().create().open()

    with pytest.raises(Contradiction, match="has not ended"):
        collect(walk)


def test_a_signature_under_another_binding_is_a_contradiction() -> None:
    """evidence.md, Binding: one digest ties signer, documents and statements."""
    walk = Walk().create().open().look().agree()
    walk.say(events.SignClicked(signer=walk.signer, label="SIGNER", binding="0" * 64))
    walk.code().sign().deliver()

    with pytest.raises(Contradiction, match="not what the path was armed with"):
        collect(walk)


def test_a_binding_that_cannot_be_recomputed_is_a_contradiction() -> None:
    walk = Walk().create()
    declared = events.SignerDeclared(
        signer=walk.signer,
        n=1,
        declared_by="client",
        identity_check="none",
        first_name="A",
        last_name="B",
        email="c@d.fr",
    )
    walk.say(declared)
    walk.say(events.EnvelopeClosed(outcome="CANCELLED"))

    with pytest.raises(Contradiction, match="not the digest of signer"):
        collect(walk)


def test_a_wording_that_is_no_longer_kept_stops_the_dossier() -> None:
    walk = trails.refused()
    files.path_of(walk.statements[0].sha256).unlink()

    with pytest.raises(files.Missing):
        collect(walk)


def test_a_value_that_is_not_the_one_committed_to_stops_the_dossier() -> None:
    walk = trails.refused()
    opening = Opening.objects.get(entry__trail=walk.trail, field="reason")
    opening.value = "autre chose"
    opening.save()

    with pytest.raises(chain.Broken):
        collect(walk)


def test_an_empty_trail_has_no_dossier() -> None:
    empty = trail.open_trail(tenant="t", reference="EXS-EMPTY", at=timezone.now())

    with transaction.atomic(), pytest.raises(Contradiction, match="empty"):
        facts.collect(empty, "s", dossier_id="d", at=timezone.now(), software="x")
