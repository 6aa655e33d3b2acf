"""Every page and message of a path, in both languages: the signer's language decides, and nothing is left in the other.

Issue "The house holds", 6: English beside French, everywhere people read.
"""

import email
import email.policy
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import now

from evidence import trail
from evidence.models import Dossier
from signing.models import CodeChannel, Envelope, Signer
from signing.states import SignerState
from tests.front.languages import foreign, plain, said, slips
from tests.signing import walks
from tests.signing.views.browser import Browser

OTHER = {"fr": "en", "en": "fr"}
GIVEN = ("Camille Martin", "Exemple SA", "Contrat", "Conditions")
PUBLIC = (
    "/",
    "/conditions/",
    "/aide/",
    "/donnees/",
    "/accessibilite/",
    "/verify/",
    "/sandbox/mailbox/",
    "/nowhere",
    f"/a/{'x' * 43}",
)

Pages = dict[str, Any]


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def signer_who_speaks(language: str, **fields: Any) -> Any:
    declared: dict[str, Any] = {"language": language, **fields}
    return replace(walks.CAMILLE, **declared)


def browser_of(language: str) -> Browser:
    """One that prefers `language`."""
    browser = Browser()
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    return browser


def taken(pages: Pages) -> None:
    """All are pages in `language`, marked as such, and none slips into the other."""
    language = pages.pop("language")
    wrong = {}
    for name, response in pages.items():
        assert response["Content-Type"].startswith("text/html"), name
        page = response.content.decode()
        assert response["Content-Language"] == language, name
        assert f'<html lang="{language}">' in page, name
        if found := slips(said(page), language, given=GIVEN):
            wrong[name] = found
    assert not wrong


def test_a_path_to_the_signature(walk: Path, language: str) -> None:
    """Landing, reading, what goes wrong on the way, code, progress, end; the browser prefers the other language."""
    browser = browser_of(OTHER[language])
    created = walks.an_envelope(walk, signers=(signer_who_speaks(language),))
    pages: Pages = {"language": language, "landing": browser.get(f"/a/{created.tokens[0]}")}
    url = browser.open(created)
    pages["documents"] = browser.get(url)
    pages["not presented"] = browser.post(f"{url}declare", {"document": 1, "page": 1})
    assert browser.get(f"{url}presented/1.pdf").status_code == 200
    Envelope.objects.update(dwell_ms=600_000)
    pages["too early"] = browser.post(f"{url}declare", {"document": 1, "page": 2})
    Envelope.objects.update(dwell_ms=1_000)
    pages["not ready"] = browser.post(f"{url}sign", {"consents": "1"})
    pages["refuse"] = browser.get(f"{url}refuse")
    pages["refuse nothing"] = browser.post(f"{url}refuse", {})
    signer = walks.agreed(walks.read(Signer.objects.get()))
    pages["read"] = browser.get(url)
    assert browser.post(f"{url}sign", {"consents": "1", "consent": ["terms", "whole", "scope"]}).status_code == 302
    pages["code waits"] = browser.get(f"{url}code")
    walks.work()
    pages["code"] = browser.get(f"{url}code")
    pages["code of the wrong form"] = browser.post(f"{url}code", {"code": "12"})
    pages["documents again"] = browser.get(url)
    code = walks.newest_code()
    browser.post(f"{url}code", {"code": f"{(int(code) + 1) % 1_000_000:06d}"})
    walks.work()
    pages["wrong code"] = browser.get(f"{url}code")
    for trouble in (Signer.CodeTrouble.GONE, Signer.CodeTrouble.NO_TRIES_LEFT, Signer.CodeTrouble.UNDELIVERED):
        Signer.objects.update(code_trouble=trouble)
        pages[f"code {trouble}"] = browser.get(f"{url}code")
    Signer.objects.update(code_trouble="")
    browser.post(f"{url}code", {"code": code})
    for waits in ("", "tsa", "crl", "keys", "order", "remote"):
        Signer.objects.update(waiting_for=waits)
        pages[f"progress {waits}"] = browser.get(f"{url}progress")
    Signer.objects.update(waiting_for="")
    walks.work()
    pages["sealing"] = browser.get(f"{url}progress")
    pages["done, sealing"] = browser.get(f"{url}done")
    Dossier.objects.update(state="SEALED", sealed_at=now(), xml_sha256="0" * 64, pdf_sha256="0" * 64)
    pages["done"] = browser.get(f"{url}done")
    pages["landing after"] = browser.get(f"/a/{created.tokens[0]}")
    pages["left"] = browser.post(f"{url}leave")
    assert signer.language == language
    for name, response in pages.items():
        assert name == "language" or response.status_code in {200, 400, 409, 422}, name
        assert name == "language" or response.headers.get("Vary", "").find("Accept-Language") < 0, name
    taken(pages)
    letters(language, {"link", "code", "signed"})


def letters(language: str, kinds: set[str]) -> None:
    """Every mail so far: subject, plain text and HTML."""
    files = sorted(Path(configured.MAILBOX_DIR).glob("*.eml"))
    assert len(files) >= len(kinds)
    for file in files:
        parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert parsed["Subject"] == parsed["Subject"].strip()
        assert not slips(str(parsed["Subject"]), language, given=GIVEN)
        text, markup = (parsed.get_body((kind,)) for kind in ("plain", "html"))
        assert text
        assert markup
        assert not slips(plain(re.sub(r"https?://\S+", "", text.get_content())), language, given=GIVEN)
        assert f'<html lang="{language}">' in markup.get_content()
        assert not slips(re.sub(r"https?://\S+", "", said(markup.get_content())), language, given=GIVEN)


def test_a_path_to_a_refusal(walk: Path, language: str) -> None:
    browser = browser_of(OTHER[language])
    created = walks.an_envelope(walk, signers=(signer_who_speaks(language),))
    walks.work()
    url = browser.open(created)
    browser.post(f"{url}refuse", {"choice": "content", "reason": "", "confirm": "on"})
    walks.work()
    pages: Pages = {"language": language, "refused": browser.get(f"{url}refused")}
    pages["landing"] = browser.get(f"/a/{created.tokens[0]}")
    taken(pages)
    letters(language, {"link", "refused"})


@pytest.mark.parametrize(
    "state", [SignerState.EXPIRED, SignerState.CANCELLED, SignerState.LOCKED, SignerState.QUARANTINED]
)
def test_a_path_that_ends_otherwise(walk: Path, language: str, state: SignerState) -> None:
    browser = browser_of(OTHER[language])
    url = browser.open(walks.an_envelope(walk, signers=(signer_who_speaks(language),)))
    Signer.objects.update(state=state, ended_at=now())
    page = "progress" if state == SignerState.QUARANTINED else "closed"
    taken({"language": language, state: browser.get(f"{url}{page}")})


def test_a_code_by_sms_and_a_turn_to_wait_for(walk: Path, language: str) -> None:
    browser = browser_of(OTHER[language])
    by_sms = signer_who_speaks(language, mobile="+33612345642", code_channel=CodeChannel.SMS)
    created = walks.an_envelope(walk, signers=(by_sms, replace(by_sms, turn=2)))
    pages: Pages = {"language": language, "waiting": browser.get(f"/a/{created.tokens[1]}")}
    url = browser.open(created)
    walks.agreed(walks.read(Signer.objects.get(n=1)))
    browser.post(f"{url}sign")
    pages["code waits"] = browser.get(f"{url}code")
    walks.work()
    pages["code"] = browser.get(f"{url}code")
    Signer.objects.filter(n=1).update(code_trouble=Signer.CodeTrouble.UNDELIVERED)
    pages["code undelivered"] = browser.get(f"{url}code")
    taken(pages)
    (message,) = Path(configured.MAILBOX_DIR).glob("*.sms.txt")
    assert not slips(plain(message.read_text()), language, given=GIVEN)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_page_of_nobody_speaks_the_browsers_language(walk: Path, language: str, address: str) -> None:
    """Where no signer is known, Accept-Language decides, and caches are told."""
    walks.a_client()
    response: Any = browser_of(f"de;q=0.9, {language}-GB;q=0.8").get(address)
    assert "Accept-Language" in response["Vary"]
    taken({"language": language, address: response})


def test_a_page_of_nobody_follows_the_page_that_leads_there(walk: Path, language: str) -> None:
    """The terms that an English statement names open in English, whatever the browser prefers."""
    browser = browser_of(OTHER[language])
    page = browser.get(browser.open(walks.an_envelope(walk, signers=(signer_who_speaks(language),)))).content.decode()
    links = re.findall(r'href="(/(?:conditions|aide|donnees|accessibilite)/[^"]*)"', page)
    assert len(links) == 4
    for link in links:
        taken({"language": language, link: browser.get(link)})


def test_a_message_is_shown_in_the_frame_of_the_browsers_language(walk: Path, language: str) -> None:
    walks.an_envelope(walk, signers=(signer_who_speaks(language),))
    walks.work()
    (file,) = Path(configured.MAILBOX_DIR).glob("*.eml")
    taken({"language": language, "message": browser_of(language).get(f"/sandbox/mailbox/{file.name}")})


def test_what_goes_wrong_is_told_in_the_language_of_the_request(
    walk: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors: a form without its token, and a failure of ours on a path (then in the signer's language)."""
    created = walks.an_envelope(walk, signers=(signer_who_speaks(language),))
    strict = Browser()
    strict.handler.enforce_csrf_checks = True
    refused: Any = strict.post(f"/a/{created.tokens[0]}", headers={"accept-language": language})
    assert refused.status_code == 403
    taken({"language": language, "403": refused})
    browser = browser_of(OTHER[language])
    browser.raise_request_exception = False
    url = browser.open(created)
    monkeypatch.setattr("signing.views.documents.standing.page", _fails)
    failed = browser.get(url)
    assert failed.status_code == 500
    taken({"language": language, "500": failed})
    monkeypatch.undo()
    missing = browser.get(f"{url}presented/9.pdf")
    assert missing.status_code == 404
    taken({"language": language, "404": missing})


def _fails(_signer: Signer) -> None:
    raise ValueError


def test_a_visit_that_is_over_is_told_in_the_browsers_language(walk: Path, language: str) -> None:
    url = browser_of(language).open(walks.an_envelope(walk))
    Signer.objects.get().visits.update(seen_at=now() - timedelta(days=1))
    taken({"language": language, "over": browser_of(language).get(url)})


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html"])
def test_an_error_page_speaks_both(template: str, language: str) -> None:
    with translation.override(language):
        assert not slips(said(render_to_string(template)), language)


def test_the_judge_of_languages_sees_a_slip() -> None:
    """What the other tests rest on: a single sentence, a word, a letter are found."""
    assert len(foreign("en")) > 400
    assert slips("Rien n’a été signé en votre nom.", "en")
    assert slips("Sent to vous", "en")
    assert slips("Signé", "en")
    assert slips("Nothing was signed in your name.", "fr")
    assert not slips("Nothing was signed in your name.", "en")
    assert not slips("Rien n’a été signé en votre nom.", "fr")


def test_a_worker_speaks_to_each_signer_in_their_language(walk: Path) -> None:
    """One worker, message after message: none leaves its language to the next, nor to what comes after."""
    people = tuple(signer_who_speaks(each, email=f"{each}{n}@exemple.fr") for n in range(2) for each in ("en", "fr"))
    walks.an_envelope(walk, signers=people)
    with translation.override("fr"):
        walks.work()
        assert translation.get_language() == "fr"
    for file in Path(configured.MAILBOX_DIR).glob("*.eml"):
        parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        asks = {"fr": "Exemple SA vous demande de signer un document", "en": "Exemple SA asks you to sign one document"}
        assert parsed["Subject"] == asks[parsed["To"][:2]]


def test_messages_composed_at_once_do_not_hear_each_other(walk: Path) -> None:
    """Workers of one process may be threads."""
    walks.an_envelope(walk, signers=tuple(signer_who_speaks(each) for each in ("en", "fr")))
    together = threading.Barrier(2, timeout=20)

    def composes(signer: Signer) -> set[str]:
        heard = set()
        for _ in range(10):
            with translation.override(signer.language):
                together.wait()
                heard.add(render_to_string("mail/refused.subject.txt", {"reference": "R"}).strip())
                together.wait()
        return heard

    with ThreadPoolExecutor(2) as pool:
        heard = list(pool.map(composes, Signer.objects.order_by("n")))
    assert heard == [{"Your refusal is recorded, file R"}, {"Votre refus est enregistré, dossier R"}]


def test_the_entry_quotes_the_button_that_was_shown(walk: Path, language: str) -> None:
    """Entries that quote what the signer saw carry the words of the language shown."""
    created = walks.an_envelope(walk, signers=(signer_who_speaks(language),))
    signer, _ = walks.with_code(created)
    assert label_of(signer) == {"fr": "SIGNER", "en": "SIGN"}[language]


def label_of(signer: Signer) -> object:
    (clicked,) = [entry for entry in trail.entries(signer.envelope.trail) if entry.kind == "sign.clicked"]
    return clicked.data["label"]
