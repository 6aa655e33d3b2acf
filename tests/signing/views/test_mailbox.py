from pathlib import Path
from typing import Any

from tests.signing import walks
from tests.signing.views.browser import Browser, words_of


def test_the_mailbox_shows_what_would_have_been_sent(walk: Path) -> None:
    """Issue, Interfaces: a page /sandbox/mailbox/, present in the sandbox only."""
    walks.an_envelope(walk)
    walks.work()
    browser = Browser()
    page = words_of(browser.get("/sandbox/mailbox/"))
    assert "camille@exemple.fr" in page
    (file,) = (walk / "mailbox").glob("*.eml")
    assert "/a/" in words_of(browser.get(f"/sandbox/mailbox/{file.name}"))


def test_outside_the_sandbox_there_is_none(walk: Path, settings: Any) -> None:
    settings.SANDBOX = False
    assert Browser().get("/sandbox/mailbox/").status_code == 404


def test_no_other_file_can_be_read_through_it(walk: Path) -> None:
    (walk / "mailbox").mkdir()
    (walk / "secret.eml").write_text("secret")
    for name in ("..%2fsecret.eml", "../secret.eml", "secret.eml", "%2e%2e%2fsecret.eml"):
        assert Browser().get(f"/sandbox/mailbox/{name}").status_code in {301, 404}


def test_an_sms_is_shown_as_well(walk: Path) -> None:
    """Issue 3: SMS in the sandbox mailbox."""
    (walk / "mailbox").mkdir()
    (walk / "mailbox" / "20261124T000000000000-1-ab.sms.txt").write_text(
        "+33612345642\n123456 est votre code.\n\nFin\n"
    )
    browser = Browser()
    page = words_of(browser.get("/sandbox/mailbox/"))
    assert "SMS" in page
    assert "123456 est votre code." in page
    message = words_of(browser.get("/sandbox/mailbox/20261124T000000000000-1-ab.sms.txt"))
    assert "+33612345642" in message
    assert "Fin" in message
