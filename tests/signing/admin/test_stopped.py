"""The operator's list of sealings that stopped, and its one action."""

from pathlib import Path

import pytest
from django.urls import reverse

from evidence.models import Dossier, Entry
from tests.evidence import trails
from tests.evidence.dossiers import queued, seal
from tests.signing import walks
from tests.signing.admin.people import member_browser, operator_browser

pytestmark = pytest.mark.django_db
LIST = "admin:evidence_dossier_changelist"


def chosen(*rows: Dossier) -> dict[str, object]:
    return {"action": "resume", "_selected_action": [str(row.pk) for row in rows]}


def test_the_operator_sees_what_stopped_and_puts_it_back_to_work() -> None:
    stopped = queued(trails.refused(), state=Dossier.State.QUARANTINED, attempt=7)
    sound = seal(queued(trails.refused()))
    browser = operator_browser()
    page = browser.get(reverse(LIST)).content.decode()
    assert "Scellements arrêtés" in page
    assert stopped.trail.reference in page
    assert sound.trail.reference not in page
    answer = browser.post(reverse(LIST), chosen(stopped), follow=True).content.decode()
    assert "1 dossier est remis en file." in answer
    assert stopped.trail.reference not in answer
    stopped.refresh_from_db()
    assert stopped.state == Dossier.State.QUEUED
    entry = Entry.objects.get(kind="sealing.resumed")
    assert entry.trail == stopped.trail
    assert b'"role":"operator"' in bytes(entry.canonical)
    assert entry.openings.filter(field="login").exists()


def test_a_member_of_a_client_does_neither(walk: Path) -> None:
    stopped = queued(trails.refused(), state=Dossier.State.QUARANTINED)
    browser = member_browser(walks.a_client())
    assert browser.get(reverse(LIST)).status_code == 403
    assert browser.post(reverse(LIST), chosen(stopped)).status_code == 403
    stopped.refresh_from_db()
    assert stopped.state == Dossier.State.QUARANTINED
