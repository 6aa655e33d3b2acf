"""A mention that a client has its signers type: compared kindly, recorded each time, asked for before SIGNER, told."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from evidence import chain, events, files, trail
from evidence.dossier import facts, pdf
from evidence.trail import Read
from signing.actions import reading, signature
from signing.actions.signature import NotReady
from signing.clients import consents, mentions
from signing.clients.models import Client, ConsentText
from signing.jobs import keeping
from signing.models import Signer, SignerConsent
from tests.signing import walks
from tests.signing.admin import people
from tests.signing.views.browser import Browser, words_of

pytestmark = pytest.mark.django_db
WANTED = "Lu et approuvé"


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


def demanding(language: str = "fr", mention: str = WANTED, client: Client | None = None) -> Client:
    """A client whose second statement asks for a mention."""
    client = client or walks.a_client()
    ConsentText.objects.create(
        client=client, key="whole", version="2", language=language, position=2, text="J’ai tout lu.", mention=mention
    )
    return client


def typed(signer: Signer, words: str) -> SignerConsent:
    return reading.set_mention(signer=signer, consent="whole", typed=words, actor=walks.actor(), at=now())


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


def test_without_script_it_comes_with_the_form_and_what_differs_is_said(walk: Path) -> None:
    """signer-page.md, Page and journey 8: summary first, a link to the field, what was typed is kept."""
    browser = Browser()
    url = browser.open(walks.an_envelope(walk, client=demanding()))
    walks.read(Signer.objects.get())
    boxes = {"consents": "1", "consent": ["terms", "whole", "scope"]}
    refused = browser.post(f"{url}sign", boxes | {"mention-whole": "Lu & relu"})
    page = words_of(refused)
    assert refused.status_code == 409
    assert "<title>Erreur" in page
    assert f'<a href="#mention-whole">Mention à écrire&nbsp;: «&nbsp;{WANTED}&nbsp;»</a>' in page
    assert 'value="Lu &amp; relu"' in page
    assert 'aria-invalid="true"' in page
    assert f"Ce n’est pas la mention demandée. Écrivez&nbsp;: {WANTED}" in page
    assert browser.post(f"{url}sign", boxes | {"mention-whole": "lu et approuvé"}).headers["Location"].endswith("/code")


def test_the_enter_key_in_its_field_does_not_sign(walk: Path) -> None:
    """A browser presses the first button of a form then: it keeps what is typed."""
    browser = Browser()
    url = browser.open(walks.an_envelope(walk, client=demanding()))
    walks.read(Signer.objects.get())
    form = words_of(browser.get(url)).partition('id="signature"')[2]
    assert form.index('name="keep"') < form.index('type="checkbox"')
    sent = {"consents": "1", "consent": ["terms", "whole", "scope"], "mention-whole": WANTED, "keep": "1"}
    answer = browser.post(f"{url}sign", sent)
    assert answer.headers["Location"] == f"{url}#accord"
    signer = Signer.objects.get()
    assert signer.enabled_at
    assert not signer.clicked_at
    assert f'value="{WANTED}"' in words_of(browser.get(url))


def test_the_script_is_told_whether_the_words_are_right(walk: Path) -> None:
    browser = Browser()
    url = browser.open(walks.an_envelope(walk, client=demanding()))

    def send(**sent: str) -> Any:
        return browser.post(f"{url}consent", sent, headers={"accept": "application/json"})

    first = send(consent="whole", typed="Lu").json()
    assert first["accepted"] is False
    assert first["missing"] == {"pages": 4, "boxes": 3, "mentions": 1}
    right = send(consent="whole", typed="LU ET APPROUVE").json()
    assert right["accepted"] is True
    assert right["missing"]["mentions"] == 0
    assert send(consent="terms", typed="x").status_code == 400
    assert send(consent="whole", typed="x" * 3_000).status_code == 200
    assert SignerConsent.objects.get(key="whole").typed == "x" * mentions.LONGEST_TYPED


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


def test_english_asks_for_it_in_english(walk: Path) -> None:
    client = demanding("en", "Read and approved", demanding())
    created = walks.an_envelope(walk, client=client, signers=(replace(walks.CAMILLE, language="en"),))
    page = words_of((browser := Browser()).get(browser.open(created)))
    assert "Type these words yourself: “Read and approved”" in page
