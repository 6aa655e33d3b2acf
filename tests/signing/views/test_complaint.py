"""The complaint of the last page: to the client, an entry and an addendum (issue, part 5)."""

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils.timezone import now

from evidence import trail
from evidence.models import Addendum
from signing.clients.models import Client
from signing.models import Signer
from tests.signing import walks
from tests.signing.test_unbroken import mails
from tests.signing.views.browser import Browser, words_of

EVERYTHING = ("signing.tasks.", "evidence.tasks.")
WORDS = "On ne m’a pas montré l’annexe."


def ended(walk: Path) -> tuple[Browser, str]:
    """A browser on a signed path whose dossier is sealed."""
    created = walks.an_envelope(walk)
    Client.objects.update(contact_email="contact@exemple.fr")
    walks.signed(created)
    walks.work(kinds=EVERYTHING)
    browser = Browser()
    return browser, browser.open(created).removesuffix("done")


def test_it_is_recorded_sealed_and_mailed_to_the_client(walk: Path) -> None:
    browser, url = ended(walk)
    assert f"{url}complaint" in words_of(browser.get(f"{url}done"))
    answer = browser.post(f"{url}complaint", {"text": WORDS})
    assert answer.status_code == 302
    walks.work(kinds=EVERYTHING)
    page = words_of(browser.get(f"{url}complaint?sent"))
    assert "Votre désaccord est enregistré." in page
    assert WORDS in page.replace("&#x27;", "’")
    assert Addendum.objects.get(entry__kind="complaint.received").sealed_at
    told = [entry for entry in trail.entries(Signer.objects.get().envelope.trail) if entry.kind == "complaint.received"]
    assert [(entry.data["n"], entry.data["means"]) for entry in told] == [(1, "page")]
    mails = [file for file in Path(settings.MAILBOX_DIR).glob("*.eml") if "désaccord" in walks.subject_of(file)]
    assert [WORDS in walks.text_of(file) for file in mails] == [True]


def test_the_letter_about_the_signature_leads_to_it(walk: Path) -> None:
    """signer-page.md, journey 6: the form is also linked in the mail. GET changes nothing, as for every link."""
    ended(walk)
    (told,) = [both for both in mails(walk / "mailbox") if "c’est signé" in both[0]]
    link, twin = (re.findall(r"https://localhost:8443(/a/[^\s\"?]+\?desaccord)", each) for each in told)
    assert len(link) == 1
    assert link == twin
    browser = Browser()
    page = words_of(browser.get(link[0]))
    assert "Dire votre désaccord par écrit" in page
    assert "Accéder aux documents" not in page
    answer = browser.post(link[0])
    assert answer["Location"].endswith("/complaint")
    assert "Dites ce qui ne va pas." in words_of(browser.get(answer["Location"]))


def test_the_same_words_sent_twice_are_one(walk: Path) -> None:
    browser, url = ended(walk)
    for _ in range(2):
        browser.post(f"{url}complaint", {"text": WORDS})
    assert Addendum.objects.count() == 1


def test_nothing_written_is_told_and_nothing_kept(walk: Path) -> None:
    browser, url = ended(walk)
    answer = browser.post(f"{url}complaint", {"text": "  "})
    assert answer.status_code == 422
    assert "Écrivez ce qui ne va pas." in words_of(answer)
    assert not Addendum.objects.exists()


def test_after_its_days_the_page_says_whom_to_write_to(walk: Path) -> None:
    browser, url = ended(walk)
    Signer.objects.update(ended_at=now() - timedelta(days=settings.COMPLAINT_DAYS, seconds=1))
    browser.post(f"{url}complaint", {"text": WORDS})
    assert not Addendum.objects.exists()
    page = words_of(browser.get(f"{url}complaint"))
    assert "<textarea" not in page
    assert "contact@exemple.fr" in page


def test_before_the_end_there_is_none(walk: Path) -> None:
    browser = Browser()
    url = browser.open(walks.an_envelope(walk))
    assert browser.get(f"{url}complaint")["Location"] == url
