"""Codes alone in the administration: what became of them, and no contact in full."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from signing.backend import alone
from tests.signing import walks
from tests.signing.admin import people


@pytest.mark.parametrize(
    ("channel", "contact", "shown"),
    [("email", "camille@exemple.fr", "c•••••@exemple.fr"), ("sms", "+33612345642", "•• •• •• •• 42")],
)
@pytest.mark.usefixtures("walk")
def test_a_contact_is_recognised_and_not_learnt(channel: str, contact: str, shown: str) -> None:
    wanted = alone.Wanted(channel=channel, contact=contact, application="", external_id="dossier-12")
    row = alone.ask(client=walks.a_client(), wanted=wanted, at=now())
    browser = people.operator_browser()
    for page in (
        reverse("admin:backend_challenge_changelist") + "?q=dossier-12",
        reverse("admin:backend_challenge_change", args=[row.pk]),
    ):
        told = browser.get(page).content.decode()
        assert shown in told
        assert contact not in told


@pytest.mark.usefixtures("walk")
def test_a_list_has_the_name_of_what_is_in_it_and_its_columns_theirs() -> None:
    wanted = alone.Wanted(channel="email", contact="camille@exemple.fr", application="", external_id=None)
    alone.ask(client=walks.a_client(), wanted=wanted, at=now())
    page = people.operator_browser().get(reverse("admin:backend_challenge_changelist")).content.decode()
    assert "<h1>Codes seuls</h1>" in page
    for column in ("Numéro", "Voie", "Destinataire", "État", "Empêchement", "Demandé le", "Vérifié le"):
        assert column in page
