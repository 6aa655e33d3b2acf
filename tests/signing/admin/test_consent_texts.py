"""Statements and mentions as the operator writes them: shown as the signer will see them before they are kept."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from signing.clients import consents
from signing.clients.models import Client, ConsentText
from tests.signing import walks
from tests.signing.admin import people
from tests.signing.demanding import WANTED
from tests.signing.views.browser import Browser, words_of

pytestmark = pytest.mark.django_db


def test_the_newest_version_is_the_one_that_was_written_last() -> None:
    """Ten comes after nine, whatever the alphabet says."""
    client = walks.a_client()
    for version in ("9", "10"):
        ConsentText.objects.create(
            client=client, key="scope", version=version, language="fr", position=3, text=f"Version {version}."
        )
    assert consents.statements(client, language="fr")[-1].version == "10"


def test_a_mention_has_something_to_type() -> None:
    text = ConsentText(key="k", version="1", language="fr", position=1, text="Un\r\ndeux", mention=" « … » ")
    with pytest.raises(ValidationError, match="ni lettre ni chiffre"):
        text.clean()
    text.mention = "  Lu \t et approuvé "
    text.clean()
    assert (text.text, text.mention) == ("Un\ndeux", WANTED)


def sent(client: Client, **fields: str) -> dict[str, str]:
    """The form of a new text."""
    typed = {"key": "scope", "version": "2", "language": "fr", "position": "3", "text": "Je m’engage envers {client}."}
    return typed | {"client": str(client.pk), "mention": WANTED, "active": "on"} | fields


def test_the_operator_sees_the_boxes_before_the_text_is_kept() -> None:
    """Part 5: with a preview in the admin that shows the boxes as the signer sees them."""
    client = walks.a_client()
    browser = people.operator_browser()
    place = "/admin/clients/consenttext/preview/"
    page = words_of(browser.post(place, sent(client)))
    assert page.count('type="checkbox"') == 3
    assert "Je m’engage envers Exemple SA." in page
    assert f"Écrivez vous-même&nbsp;: «&nbsp;{WANTED}&nbsp;»" in page
    assert 'href="/conditions/?lang=fr"' in page
    assert not ConsentText.objects.filter(version="2").exists()
    english = browser.post(place, sent(client, language="en", text="I commit myself to {client}.", mention=""))
    assert '<html lang="en">' in words_of(english)
    assert "I accept the" in words_of(english)
    wrong = browser.post(place, sent(client, text=""))
    assert wrong.status_code == 422
    assert "Ce texte ne peut pas encore être montré." in words_of(wrong)


def test_the_preview_shows_what_the_signers_page_shows(walk: Path) -> None:
    """One template: the fieldset of the preview is that of the path, to the letter."""
    client = walks.a_client()
    operator = people.operator_browser()
    assert operator.post("/admin/clients/consenttext/add/", sent(client)).status_code == 302
    row = ConsentText.objects.get(version="2")
    preview = words_of(operator.get(f"/admin/clients/consenttext/{row.pk}/preview/"))
    browser = Browser()
    page = words_of(browser.get(browser.open(walks.an_envelope(walk, client=client))))

    def agreement(text: str) -> str:
        return text.partition("<fieldset")[2].partition("</fieldset>")[0].replace("/conditions/1/", "/conditions/")

    assert agreement(preview)
    assert agreement(preview) == agreement(page)


def test_an_old_version_is_previewed_among_the_others() -> None:
    client = walks.a_client()
    row = ConsentText.objects.create(
        client=client, key="scope", version="0", language="fr", position=3, text="Ancien.", active=False
    )
    operator = people.operator_browser()
    page = words_of(operator.get(f"/admin/clients/consenttext/{row.pk}/preview/"))
    assert "Ancien." in page
    assert page.count('type="checkbox"') == 3
    own = ConsentText.objects.get(client=None, key="scope", language="fr")
    page = words_of(operator.get(f"/admin/clients/consenttext/{own.pk}/preview/"))
    assert "Nom du client" in page
