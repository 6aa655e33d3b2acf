"""Visits: which browser may see which path, and when that ends; DESIGN, "How a signature flows" 2."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils.timezone import now

from evidence import trail
from signing import access
from signing.actions.arming import NewSigner
from signing.models import PageReading, Signer, Visit
from tests.signing import walks
from tests.signing.views.browser import Browser, words_of

JEAN = NewSigner("Jean", "Dupont", "jean@exemple.fr")


def reasons(signer: Signer) -> list[str]:
    return [e.data["reason"] for e in trail.entries(signer.envelope.trail) if e.kind == "session.expired"]


def test_two_envelopes_of_one_person_stay_open_beside_each_other(walk: Path) -> None:
    client = walks.a_client()
    one, two = walks.an_envelope(walk, client=client), walks.an_envelope(walk, client=client)
    browser = Browser()
    first, second = browser.open(one), browser.open(two)
    assert browser.declare(first, 1, 1).status_code == 400, "not served in this path yet"
    browser.bytes_of(f"{second}presented/1.pdf")
    assert browser.declare(first, 1, 1).status_code == 400, "served in the other one only"
    assert browser.get(first).status_code == browser.get(second).status_code == 200


def test_the_next_signer_on_a_tablet_finds_nothing_of_the_last_one(walk: Path) -> None:
    """Two signers of one envelope, one after the other in one browser."""
    created = walks.an_envelope(walk, signers=(walks.CAMILLE, JEAN))
    browser = Browser()
    first = browser.open(created, 1)
    assert browser.get(first).status_code == 200
    second = browser.open(created, 2)
    page = words_of(browser.get(second))
    assert "Camille" not in page
    for page_of_first in ("", "code", "progress", "done", "presented/1.pdf", "signed/1.pdf", "dossier.pdf"):
        assert browser.get(f"{first}{page_of_first}").status_code == 403
    assert reasons(Signer.objects.get(n=1)) == ["other_person"]
    assert browser.open(created, 1) == first
    assert browser.get(second).status_code == 403


def test_another_person_of_another_envelope_ends_the_visit_too(walk: Path) -> None:
    client = walks.a_client()
    one = walks.an_envelope(walk, client=client)
    two = walks.an_envelope(walk, client=client, signers=(JEAN,))
    browser = Browser()
    first = browser.open(one)
    browser.open(two)
    answer = browser.get(first)
    assert answer.status_code == 403
    assert "Votre visite est terminée." in words_of(answer)
    assert "Contrat" not in words_of(answer)


def test_leaving_ends_the_visit_in_this_browser_only(walk: Path) -> None:
    created = walks.an_envelope(walk)
    here, elsewhere = Browser(), Browser()
    url = here.open(created)
    assert elsewhere.open(created) == url
    assert "Vous avez quitté cet appareil." in words_of(here.post(f"{url}leave"))
    assert here.get(url).status_code == 403
    assert elsewhere.get(url).status_code == 200
    assert reasons(Signer.objects.get()) == ["left"]


def test_an_idle_visit_is_told_once_and_the_link_leads_back_to_what_was_read(walk: Path) -> None:
    created = walks.an_envelope(walk)
    browser = Browser()
    url = browser.open(created)
    signer = walks.read(Signer.objects.get())
    Visit.objects.update(seen_at=now() - walks.timedelta(hours=2))
    for _ in range(2):
        answer = browser.get(url)
        assert answer.status_code == 403
        assert "ouvrez de nouveau le lien reçu par e-mail" in words_of(answer)
    assert reasons(signer) == ["idle"]
    assert browser.open(created) == url
    assert PageReading.objects.filter(read_at__isnull=False).count() == 4
    assert "4 pages lues sur 4" in words_of(browser.get(url))


def test_a_script_is_told_that_the_session_is_over(walk: Path) -> None:
    created = walks.an_envelope(walk)
    browser = Browser()
    url = browser.open(created)
    browser.cookies.clear()
    answer = browser.declare(url, 1, 1)
    assert (answer.status_code, answer.json()) == (403, {"error": "session_over"})


def test_a_forwarded_link_works_and_its_address_is_recorded(walk: Path) -> None:
    """evidence.md, Dossier 5: several addresses are told too."""
    created = walks.an_envelope(walk)
    one, other = Browser(), Browser()
    other.defaults |= {"REMOTE_ADDR": "198.51.100.7"}
    url = one.open(created)
    assert other.open(created) == url
    assert other.get(url).status_code == one.get(url).status_code == 200
    opened = [e for e in trail.entries(Signer.objects.get().envelope.trail) if e.kind == "session.opened"]
    assert [entry.openings["ip"][1] for entry in opened] == ["127.0.0.1", "198.51.100.7"]
    assert len({entry.members["actor"]["session"] for entry in opened}) == 2
    assert access.digest_of(one.cookies[access.COOKIE].value) == opened[0].members["actor"]["session"]


def test_what_is_on_its_way_in_one_tab_arrives_while_another_link_is_opened(walk: Path) -> None:
    """Each link gives the browser a new cookie; a request sent with the one before is still answered."""
    client = walks.a_client()
    one, two = walks.an_envelope(walk, client=client), walks.an_envelope(walk, client=client)
    browser, under_way = Browser(), Browser()
    first = browser.open(one)
    under_way.cookies[access.COOKIE] = browser.cookies[access.COOKIE].value
    second = browser.open(two)
    assert under_way.get(f"{first}presented/1.pdf").status_code == 200
    assert under_way.get(second).status_code == 403, "it opens nothing new"


def test_a_visit_that_is_asked_to_stay_goes_on(walk: Path) -> None:
    """signer-page.md, 7: session about to expire, extendable."""
    browser = Browser()
    url = browser.open(walks.an_envelope(walk))
    nearly = now() - timedelta(seconds=settings.VISIT_IDLE_SECONDS - 100)
    Visit.objects.update(seen_at=nearly)
    assert browser.get(f"{url}stay").status_code == 204
    assert Visit.objects.get().seen_at > nearly
    Visit.objects.update(seen_at=nearly - timedelta(seconds=100))
    assert browser.get(f"{url}stay").status_code == 403
