import re
from pathlib import Path

import pytest
from django.utils.timezone import now

from evidence import trail
from signing import access
from signing.actions.cancellation import cancel_envelope
from signing.clients.models import Client
from signing.jobs.sweep import sweep
from signing.models import AccessLink, Signer, Visit
from signing.states import SignerState
from tests.signing import walks
from tests.signing.views.browser import Browser, path_of, words_of


@pytest.mark.parametrize("method", ["get", "head"])
def test_fetching_the_link_changes_no_state(walk: Path, method: str) -> None:
    """DESIGN: GET and HEAD change no state (mail scanners open links); at most an entry link.fetched."""
    created = walks.an_envelope(walk)
    response = getattr(Browser(), method)(f"/a/{created.tokens[0]}")
    assert response.status_code == 200
    assert not response.cookies.get(access.COOKIE)
    signer = Signer.objects.get()
    assert signer.state == SignerState.INVITED
    assert not Visit.objects.exists()
    assert walks.entries(signer)[-1] == "link.fetched"


def test_the_page_says_who_asks_for_what_until_when(walk: Path) -> None:
    """signer-page.md, Landing."""
    created = walks.an_envelope(walk)
    page = words_of(Browser().get(f"/a/{created.tokens[0]}"))
    for expected in ("Camille Martin", "Exemple SA", "Contrat", "Conditions", "Accéder aux documents"):
        assert expected in page


def test_the_button_opens_the_path_for_this_browser_only(walk: Path) -> None:
    created = walks.an_envelope(walk)
    browser = Browser()
    url = browser.open(created)
    assert url == path_of(Signer.objects.get())
    cookie = browser.cookies[access.COOKIE]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["path"] == "/"
    assert browser.get(url).status_code == 200
    stranger = Browser().get(url)
    assert stranger.status_code == 403
    assert "Contrat" not in words_of(stranger)


def test_the_trail_says_which_link_was_used(walk: Path) -> None:
    """A printed link says nothing of the mailbox; the one in the mail does."""
    created = walks.an_envelope(walk)
    walks.work()
    Browser().open(created)
    (file,) = (walk / "mailbox").glob("*.eml")
    token = re.search(r"/a/([\w-]{43})", walks.text_of(file))
    assert token
    Browser().post(f"/a/{token[1]}")
    journal = Signer.objects.get().envelope.trail
    used = [entry.data["link"] for entry in trail.entries(journal) if entry.kind == "access.confirmed"]
    assert used == ["printed", "message"]


def test_the_token_is_stored_hashed(walk: Path) -> None:
    """DESIGN, Secrets: 256-bit link tokens stored hashed."""
    created = walks.an_envelope(walk)
    assert len(created.tokens[0]) >= 43
    assert AccessLink.objects.get().digest == access.digest_of(created.tokens[0])
    assert not AccessLink.objects.filter(digest=created.tokens[0]).exists()


def test_an_unknown_link_opens_nothing(walk: Path) -> None:
    """reliability.md, link guessing: whoever guesses learns nothing."""
    unknown = Browser().get("/a/" + "x" * 43)
    assert unknown.status_code == 404
    assert "Ce lien n’est plus valable" in words_of(unknown).replace("'", "’")


@pytest.mark.parametrize(
    ("end", "heading"),
    [("expired", "Le délai pour signer est passé."), ("cancelled", "Exemple SA a retiré sa demande.")],
)
def test_a_link_that_came_to_nothing_unopened_says_so_and_whom_to_ask(walk: Path, end: str, heading: str) -> None:
    """Decision 21: its holder has a token of 256 bits, and guessed nothing; no document, no name, nothing to press."""
    created = walks.an_envelope(walk)
    Client.objects.update(contact_email="contact@exemple.fr")
    if end == "expired":
        sweep(created.envelope.expires_at)
    else:
        cancel_envelope(envelope=created.envelope, actor=walks.CLIENT, at=now())
    before = walks.entries(Signer.objects.get())
    shown = Browser().get(f"/a/{created.tokens[0]}")
    assert shown.status_code == 410
    words = words_of(shown)
    for said in (heading, "Rien n’a été signé en votre nom.", "contact@exemple.fr", created.envelope.reference):
        assert said in words
    for kept in ("Martin", "Contrat", "Accéder aux documents"):
        assert kept not in words
    assert walks.entries(Signer.objects.get()) == before
    assert Browser().post(f"/a/{created.tokens[0]}").status_code == 410
    assert walks.entries(Signer.objects.get()) == [*before, "access.refused"]


def test_a_signed_path_leads_to_its_last_page(walk: Path) -> None:
    """Issue: already signed."""
    created = walks.an_envelope(walk)
    walks.signed(created)
    browser = Browser()
    assert browser.get(f"/a/{created.tokens[0]}").status_code == 200
    assert browser.open(created).endswith("/done")


def test_a_name_with_a_script_is_escaped_everywhere(walk: Path) -> None:
    """Issue, bad input: a name with <script>."""
    created = walks.an_envelope(walk, signers=(walks.NewSigner("<script>alert(1)</script>", "Martin", "a@exemple.fr"),))
    browser = Browser()
    assert "<script>alert" not in words_of(browser.get(f"/a/{created.tokens[0]}"))
    assert "<script>alert" not in words_of(browser.get(browser.open(created)))


def test_two_links_in_one_browser_never_mix(walk: Path) -> None:
    """DESIGN: a session holds the paths it has opened."""
    client = walks.a_client()
    one, two = walks.an_envelope(walk, client=client), walks.an_envelope(walk, client=client)
    browser = Browser()
    first, second = browser.open(one), browser.open(two)
    assert first != second
    assert one.envelope.reference in words_of(browser.get(first))
    assert two.envelope.reference in words_of(browser.get(second))


def test_a_visit_ends_after_two_idle_hours(walk: Path) -> None:
    created = walks.an_envelope(walk)
    browser = Browser()
    url = browser.open(created)
    Visit.objects.update(seen_at=now() - walks.timedelta(hours=2, seconds=1))
    assert browser.get(url).status_code == 403
    assert browser.open(created) == url
    assert browser.get(url).status_code == 200


def test_pages_carry_the_policy_and_are_never_stored(walk: Path) -> None:
    """reliability.md: strict CSP, frame-ancestors none, no-store, strict-origin."""
    created = walks.an_envelope(walk)
    browser = Browser()
    for response in (browser.get(f"/a/{created.tokens[0]}"), browser.get(browser.open(created))):
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "strict-origin"
        assert response["X-Content-Type-Options"] == "nosniff"


def test_a_browser_gets_a_new_session_with_each_link_and_keeps_what_it_opened(walk: Path) -> None:
    """A cookie that somebody planted in a browser opens nothing for them afterwards."""
    client = walks.a_client()
    one, two = walks.an_envelope(walk, client=client), walks.an_envelope(walk, client=client)
    planted, browser = Browser(), Browser()
    first = planted.open(one)
    browser.cookies[access.COOKIE] = planted.cookies[access.COOKIE].value
    second = browser.open(two)
    assert browser.get(first).status_code == 200
    assert browser.get(second).status_code == 200
    assert planted.get(second).status_code == 403
