"""A client's logo and ink on the pages of its signers, its ink in their letters, and nothing on anybody else's."""

import io
from pathlib import Path

from PIL import Image

from signing.clients import inks
from signing.clients.looks import Look
from tests.signing import walks
from tests.signing.test_unbroken import mails
from tests.signing.views.browser import Browser, words_of


def a_logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (240, 80), (150, 20, 60, 255)).save(out, "PNG")
    return out.getvalue()


def test_pages_of_a_path_wear_the_ink_and_the_logo(walk: Path) -> None:
    """Issue 7, part 4: client's logo and colour by tokens."""
    created = walks.an_envelope(walk)
    look = Look.objects.create(client=created.envelope.client, ink="#96143c", logo=a_logo())
    browser = Browser()
    for address in (f"/a/{created.tokens[0]}", browser.open(created)):
        page = words_of(browser.get(address))
        assert '<link rel="stylesheet" href="/teinte/96143c.css">' in page
        assert f'src="/logo/EXS/{look.logo_digest}" alt="Exemple SA"' in page
    sheet = browser.get("/teinte/96143c.css")
    assert sheet["Content-Type"].startswith("text/css")
    assert "immutable" in sheet["Cache-Control"]
    assert "--encre: light-dark(#96143c, " in sheet.content.decode()
    logo = browser.get(f"/logo/EXS/{look.logo_digest}")
    assert (logo.content, logo["Content-Type"]) == (a_logo(), "image/png")
    assert logo["X-Content-Type-Options"] == "nosniff"


def test_letters_wear_the_ink_by_day_and_by_night(walk: Path) -> None:
    """A button that leads from a letter to a page has one colour on both; what a title says is left as it is."""
    client = walks.a_client()
    walks.an_envelope(walk, client=client)
    walks.work()
    ((_, plain),) = mails(walk / "mailbox")
    Look.objects.create(client=client, ink="#96143c")
    walks.an_envelope(walk, client=client)
    walks.work()
    (inked,) = [html for _, html in mails(walk / "mailbox") if html != plain]
    night = inks.pair("#96143c").night
    assert night != "#96143c"
    for ours, theirs in (("#24408e", "#96143c"), ("#a9bdf7", night)):
        assert plain.count(ours) == inked.count(theirs) > 2
        assert (ours in inked, theirs in plain) == (False, False)


def test_without_a_look_a_page_is_as_ever_and_nothing_is_told(walk: Path) -> None:
    created = walks.an_envelope(walk)
    page = words_of(Browser().get(f"/a/{created.tokens[0]}"))
    assert "/teinte/" not in page
    assert "/logo/" not in page
    Look.objects.create(client=created.envelope.client, logo=b"")
    for address in ("/teinte/ffffff.css", "/teinte/x.css", "/logo/EXS/x", "/logo/NONE/x"):
        assert Browser().get(address).status_code == 404
