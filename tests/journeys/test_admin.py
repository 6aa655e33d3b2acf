"""Issue, part 7: an administrator of a client at the screen, from the login to the trail of what was sent."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys import signer
from tests.pdfs import active, sound
from tests.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
LOOKS = 100  # at the journal, until the worker has sent the mail


def log_in(stack: Stack, page: "Page") -> None:
    """As the sample client's administrator, whom `manage.py sandbox` made."""
    account = json.loads(stack.manage("sandbox").stdout)["client_admin"]
    page.goto(account["url"])
    page.locator("#id_username").fill(account["login"])
    page.locator("#id_password").fill(account["password"])
    page.get_by_role("button", name="Connexion").click()


@pytest.mark.parametrize("width", [1280, 390])
def test_an_administrator_sends_an_envelope_and_follows_it(
    stack: Stack, page: "Page", tmp_path: Path, width: int
) -> None:
    """Login, a good and a refused PDF, verdicts in place, sent, the mail's link, the trail in words."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    page.set_viewport_size({"width": width, "height": 844})
    good, bad = tmp_path / "Bail_du_box.pdf", tmp_path / "piege.pdf"
    good.write_bytes(sound.contract(2))
    bad.write_bytes(active.javascript())
    recipient = f"noe{width}@exemple.fr"
    log_in(stack, page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Enveloppes")
    page.get_by_role("link", name="Nouvelle enveloppe").click()
    page.get_by_label("Ajouter des PDF à signer").set_input_files([good, bad])
    page.get_by_label("Prénom").fill("Noé")
    page.get_by_label("Nom", exact=True).fill("Petit")
    page.get_by_label("E-mail").fill(recipient)
    page.get_by_label("Objet").fill("Le bail du box")
    page.get_by_role("button", name="Relire avant d’envoyer").click()

    expect(page.get_by_role("alert")).to_contain_text("Remplacez ou retirez les documents refusés")
    refused = page.get_by_role("listitem").filter(has_text="piege.pdf")
    expect(refused).to_contain_text("JavaScript")
    expect(page.get_by_role("listitem").filter(has_text="Bail_du_box.pdf")).to_contain_text("Accepté.")
    expect(page.get_by_label("E-mail")).to_have_value(recipient)
    refused.get_by_label("Retirer ce document").check()
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Relire avant d’envoyer")
    page.get_by_role("button", name="Envoyer").click()

    expect(page.get_by_text("En cours · Le bail du box")).to_be_visible()
    expect(page.get_by_text("Invité", exact=True)).to_be_visible()
    reference = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name=re.compile("^Lire les")).click()
    expect(page.get_by_text("Envoi créé")).to_be_visible()
    expect(page.get_by_text("(julie.perrin)").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sent = page.get_by_text("Lien envoyé")
    for _ in range(LOOKS):
        if sent.is_visible():
            break
        page.reload()
    expect(sent).to_be_visible()
    signer.open_documents(page, signer.link_in_mail(stack.state / "mailbox", "Noé", reference))
