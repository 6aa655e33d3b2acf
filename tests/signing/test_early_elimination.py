"""docs/privacy.md, A person's rights: an envelope is eliminated before its time, by who may decide it and says why."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils.timezone import now

from evidence import files, trail
from evidence.archive import elimination
from evidence.models import Dossier, Elimination, Opening
from otp import reports
from otp.models import Message
from signing.actions import keeping
from signing.models import Envelope, Signer
from tests.signing import walks
from tests.signing.admin.people import member_browser
from tests.signing.admin.test_envelopes import place
from tests.signing.deposited import deposited, done
from tests.signing.views.browser import words_of


@pytest.fixture
def kept(walk: Path, settings: Any) -> walks.Created:
    return deposited(walk, settings)


def test_a_member_has_an_envelope_eliminated_and_the_journal_says_who_and_why(kept: walks.Created) -> None:
    envelope = kept.envelope
    browser = member_browser(envelope.client)
    assert "Éliminer avant terme" in words_of(browser.get(place(envelope)))
    sent = {"reason": "request", "reference": f" {envelope.reference.lower()} "}
    page = words_of(browser.post(place(envelope, "eliminate/"), sent, follow=True))
    assert "L’élimination est demandée" in page
    assert "Éliminer avant terme" not in page
    row = done(envelope)
    entries = list(trail.entries(envelope.trail))
    (asked,) = [each for each in entries if each.kind == "elimination.requested"]
    assert (asked.data["reason"], asked.members["actor"]["role"]) == ("request", "client")
    assert (entries[-1].kind, entries[-1].data["reason"]) == ("personal_data.erased", "request")
    said = json.loads(files.read(row.certificate_sha256))
    assert said["rule"] == "avant terme : à la demande de la personne"
    assert Signer.objects.get(envelope=envelope).email == ""
    out = io.StringIO()
    call_command("verify_journal", "--files", stdout=out)
    assert json.loads(out.getvalue())["valid"] is True


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choisissez pourquoi."),
        ({"reason": "retention", "reference": "own"}, "Choisissez pourquoi."),
        ({"reason": "client", "reference": "EXS-2026-0"}, "Ce n’est pas la référence"),
        ({"reason": "client"}, "Ce n’est pas la référence"),
    ],
)
def test_without_reason_or_reference_nothing_is_eliminated(
    kept: walks.Created, sent: dict[str, str], sentence: str
) -> None:
    typed = {name: kept.envelope.reference if value == "own" else value for name, value in sent.items()}
    answer = member_browser(kept.envelope.client).post(place(kept.envelope, "eliminate/"), typed)
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert not Elimination.objects.exists()


def test_what_is_open_held_or_not_sealed_yet_stays(kept: walks.Created, walk: Path) -> None:
    def refused(envelope: Envelope) -> None:
        with pytest.raises(keeping.NotReady):
            ask(envelope)

    def ask(envelope: Envelope) -> None:
        keeping.eliminate(envelope=envelope, reason=Elimination.Reason.CLIENT, actor=walks.CLIENT, at=now())

    envelope = kept.envelope
    still_open = walks.an_envelope(walk, client=envelope.client).envelope
    refused(still_open)
    page = words_of(member_browser(envelope.client).get(place(still_open, "eliminate/")))
    assert "ne peut pas être éliminée maintenant" in page
    elimination.place_hold(of=envelope.trail, reason="", actor=walks.CLIENT, at=now())
    refused(envelope)
    elimination.lift_hold(of=envelope.trail, actor=walks.CLIENT, at=now())
    Dossier.objects.filter(trail=envelope.trail).update(state=Dossier.State.QUEUED)
    refused(envelope)
    Dossier.objects.filter(trail=envelope.trail).update(state=Dossier.State.SEALED)
    ask(envelope)
    refused(envelope)
    assert Elimination.objects.count() == 1


@pytest.mark.parametrize("kind", ["signed", "code"])
def test_a_late_report_brings_nobody_back(kept: walks.Created, kind: str) -> None:
    """What a carrier says names the recipient: a bounce that comes days after the erasure is not written down."""
    keeping.eliminate(envelope=kept.envelope, reason=Elimination.Reason.CLIENT, actor=walks.CLIENT, at=now())
    done(kept.envelope)
    message = Message.objects.get(kind=kind)
    with transaction.atomic():
        reports.take(message.pk, Message.Report.FAILED, answer="550 5.1.1 <camille@exemple.fr> unknown", at=now())
    message.refresh_from_db()
    assert message.report == Message.Report.FAILED
    assert not Opening.objects.filter(entry__trail=kept.envelope.trail).exists()
    assert list(trail.entries(kept.envelope.trail))[-1].kind == "personal_data.erased"
