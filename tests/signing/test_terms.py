"""The operator's terms of use: versions that do not change, that of the day in every path, its digest in the trail."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from evidence import files, holdings, trail
from evidence.chain import Broken
from evidence.dossier import facts, pdf, signs
from evidence.dossier.facts import DossierFacts
from evidence.trail import Read
from signing.actions import signature
from signing.clients import paragraphs, terms
from signing.clients.models import Terms
from signing.models import Signer
from tests.signing import walks
from tests.signing.admin import people
from tests.signing.views.browser import Browser, words_of

pytestmark = pytest.mark.django_db
NEW = "Nouvelles règles & <b>rien d’autre</b>.\n"


def today() -> date:
    """Asked anew each time: a run may last over midnight."""
    return terms.day_of(now())


def newer(version: str = "2", language: str = "fr", begins: date | None = None, text: str = NEW) -> Terms:
    return Terms.objects.create(version=version, language=language, in_force_from=begins or today(), text=text)


def facts_of(signer: Signer) -> DossierFacts:
    """What the dossier would tell of a path now."""
    return facts.collect(signer.envelope.trail, str(signer.public_id), dossier_id="d", at=now(), software="Paraphe")


def entry(signer: Signer, kind: str) -> Read:
    return next(each for each in trail.entries(signer.envelope.trail) if each.kind == kind)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_empty_installation_has_terms(language: str) -> None:
    """Issue 7, part 5: a default text, in both languages, of one shape."""
    walks.a_client()
    held = terms.in_force(language, at=now())
    assert held.version == "1"
    assert [block.kind for block in held.blocks].count("title") == 11


def test_what_comes_into_force_today_is_asked_for_today_and_not_before() -> None:
    walks.a_client()
    newer("3", begins=today() + timedelta(days=1))
    assert terms.in_force("fr", at=now()).version == "1"
    newer("2")
    assert terms.in_force("fr", at=now()).version == "2"
    assert terms.in_force("en", at=now()).version == "1"
    assert terms.in_force("fr", at=now() + timedelta(days=1)).version == "3"


def test_a_version_that_was_shown_is_never_changed() -> None:
    row = newer(begins=today() + timedelta(days=1))
    row.text = "Autre chose.\n"
    row.save()
    Terms.objects.update(in_force_from=today())
    row.refresh_from_db()
    row.text = "Encore autre chose.\n"
    with pytest.raises(terms.Shown):
        row.save()
    assert Terms.objects.get(version="2").text == "Autre chose.\n"


def test_no_version_is_in_force_before_it_was_written() -> None:
    row = Terms(version="2", language="fr", in_force_from=today() - timedelta(days=1), text="Un\r\n\r\nDeux  \r\n")
    with pytest.raises(ValidationError, match="passé"):
        row.full_clean()
    row.in_force_from = today()
    row.full_clean()
    assert row.text == "Un\n\nDeux\n"  # as a browser sends lines, and as they are digested


def test_the_entries_of_consent_name_version_and_digest(walk: Path) -> None:
    """Issue 7, part 5: its digest in the entry; also where the box is shown, checked and unchecked."""
    created = walks.an_envelope(walk)
    walks.agreed(walks.opened(created))
    signer = Signer.objects.get()
    held = terms.in_force("fr", at=now())
    named = {"version": "1", "sha256": hashlib.sha256(held.text.encode()).hexdigest()}
    for kind in ("path.armed", "consent.shown"):
        consents: Any = entry(signer, kind).data["consents"]
        assert [each.get("terms") for each in consents] == [named, None, None]
    assert entry(signer, "consent.checked").data["terms"] == named
    assert files.read(named["sha256"]) == held.text.encode()


def test_an_envelope_keeps_the_version_that_it_was_made_under(walk: Path) -> None:
    created = walks.an_envelope(walk)
    newer()
    browser = Browser()
    page = words_of(browser.get(browser.open(created)))
    assert 'href="/conditions/1/?lang=fr"' in page
    old = words_of(browser.get("/conditions/1/?lang=fr"))
    assert "Version 1, en vigueur depuis le 1er\xa0janvier\xa02026" in old
    assert "Une version plus récente est en vigueur." in old
    current = words_of(browser.get("/conditions/?lang=fr"))
    assert "Nouvelles règles &amp; &lt;b&gt;rien d’autre&lt;/b&gt;." in current
    assert "plus récente" not in current
    after = walks.an_envelope(walk, client=created.envelope.client)
    assert after.envelope.signers.get().consents.get(key="terms").terms.version == "2"  # type: ignore[union-attr]


def test_the_text_alone_has_the_digest_that_the_page_names(walk: Path) -> None:
    walks.a_client()
    browser = Browser()
    for language in ("fr", "en"):
        text: Any = browser.get(f"/conditions/1/{language}.txt")
        digest = hashlib.sha256(text.content).hexdigest()
        page = words_of(browser.get(f"/conditions/1/?lang={language}"))
        assert digest[:4] + " " + digest[4:8] in page
    newer(begins=today() + timedelta(days=1))
    for address in ("/conditions/2/", "/conditions/2/fr.txt", "/conditions/1/de.txt", "/conditions/nope/"):
        assert browser.get(address).status_code == 404, address


def test_a_version_in_one_language_is_shown_to_all_and_says_so(walk: Path) -> None:
    walks.a_client()
    newer()
    page = words_of(Browser().get("/conditions/2/?lang=en"))
    assert '<div class="text" lang="fr">' in page
    assert "Terms of use of the signature service" in page


def test_the_dossier_tells_version_digest_and_whole_text(walk: Path) -> None:
    signer = walks.agreed(walks.opened(walks.an_envelope(walk)))
    signature.refuse(signer=signer, choice="other", reason="", actor=walks.actor(), at=now())
    told = facts_of(signer)
    first, *others = told.consent.statement
    held = terms.in_force("fr", at=now())
    assert first.terms
    assert (first.terms.version, first.terms.sha256, first.terms.wording.text) == ("1", held.sha256, held.text)
    assert [each.terms for each in others] == [None, None]
    printed = pdf.page(told, digest="0" * 64, zone="Europe/Paris")
    assert printed.count("conditions d’utilisation du service, version 1") == 1
    assert signs.fours(held.sha256) in printed


def test_the_scan_misses_terms_that_are_gone(walk: Path) -> None:
    created = walks.an_envelope(walk)
    holdings.check(created.envelope.trail, known=set())
    files.path_of(terms.in_force("fr", at=now()).sha256).unlink()
    with pytest.raises(Broken, match="not kept"):
        holdings.check(created.envelope.trail, known=set())


def test_without_terms_in_a_signers_language_no_envelope_is_made(walk: Path) -> None:
    client = walks.a_client()
    Terms.objects.filter(language="en").delete()
    with pytest.raises(ValidationError, match="en vigueur"):
        walks.an_envelope(walk, client=client, signers=(replace(walks.CAMILLE, language="en"),))
    assert not Signer.objects.exists()


def test_the_operator_writes_a_version_and_changes_it_until_its_day() -> None:
    walks.a_client()
    browser = people.operator_browser()
    begins = today() + timedelta(days=1)
    sent = {"version": "2", "language": "fr", "in_force_from": begins.isoformat(), "text": "## Un\r\n\r\n- a\r\n- b"}
    assert browser.post("/admin/clients/terms/add/", sent).status_code == 302
    row = Terms.objects.get(version="2")
    assert row.blocks == [paragraphs.Block("title", ("Un",)), paragraphs.Block("list", ("a", "b"))]
    address = f"/admin/clients/terms/{row.pk}/change/"
    assert browser.post(address, sent | {"text": "Deux"}).status_code == 302
    Terms.objects.filter(pk=row.pk).update(in_force_from=today())
    assert browser.post(address, sent | {"text": "Trois"}).status_code == 403
    assert browser.get(address).status_code == 200
    assert Terms.objects.get(pk=row.pk).text == "Deux\n"
    assert browser.get(f"/admin/clients/terms/{row.pk}/delete/").status_code == 403


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\nb\n\nc", [("paragraph", ("a b",)), ("paragraph", ("c",))]),
        ("## t\nsuite", [("title", ("t",)), ("paragraph", ("suite",))]),
        ("- a\n- b\n  suite\n\n- c", [("list", ("a", "b suite")), ("list", ("c",))]),
        ("avant\n- a", [("paragraph", ("avant",)), ("list", ("a",))]),
        ("\n\n", []),
        ("#pas un titre", [("paragraph", ("#pas un titre",))]),
    ],
)
def test_plain_text_in_paragraphs(text: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(block.kind, block.lines) for block in paragraphs.blocks(text)] == found
