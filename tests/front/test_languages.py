"""Every page and message of a path, in both languages: the signer's language decides, and nothing is left in the other.

Issue "The house holds", 6: English beside French, everywhere people read.
"""

import email
import email.policy
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

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
from tests.front.speakers import GIVEN, OTHER, Pages, browser_of, signer_who_speaks, taken
from tests.signing import walks


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
