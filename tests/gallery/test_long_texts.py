"""Names, titles and addresses as long as people have them: nothing is cut, nothing sticks out on the smallest phone."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils.timezone import now

from signing.actions import signature
from signing.clients.models import Client
from tests.gallery import stage
from tests.gallery.acts import said_back
from tests.gallery.layout import faults
from tests.gallery.scene import Scene
from tests.gallery.test_gallery import chromium
from tests.signing import walks
from tests.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
FAMILY = "de Beaumanoir-Saint-Hilaire Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"
ASKER = "Syndicat intercommunal de gestion et de valorisation des déchets ménagers du Grand Sud-Ouest"
ADDRESS = "marie-charlotte@une-tres-longue-organisation-departementale-de-gestion.exemple.fr"
# On how many lines the last word of the name in the page's head stands.
LINES_OF_LAST_WORD = """name => {
  const [text] = name.childNodes, range = document.createRange();
  range.setStart(text, text.data.lastIndexOf(" ") + 1);
  range.setEnd(text, text.length);
  return range.getClientRects().length;
}"""


def test_nothing_sticks_out_on_the_smallest_phone(chromium: "Browser", walk: Path) -> None:
    """signer-page.md, 9: 320 px without horizontal scroll."""
    person = replace(stage.mailed("fr"), first_name="Marie-Charlotte", last_name=FAMILY, email=ADDRESS)
    Client.objects.filter(pk=stage.a_house().pk).update(name=ASKER)
    created = stage.an_envelope(walk, "fr", person)
    window, found = Window(chromium, 320), dict[str, list[str]]()

    def seen(name: str, path: str) -> None:
        with window.on(Scene(name, path, visit="t1")):
            found[name] = faults(window.page) + window.complaints

    seen("landing", f"/a/{created.tokens[0]}")
    signer = walks.ready(created)
    here = f"/p/{signer.public_id}"
    for wish in said_back(signer):
        seen(wish, wish.removeprefix(walks.settings.PUBLIC_URL))
    seen("documents", f"{here}/")
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    seen("sending", f"{here}/code")
    stage.work_off()
    seen("code", f"{here}/code")
    code = walks.newest_code()
    signature.submit_code(signer=walks.fresh(signer), code=code, actor=walks.actor(), at=now())
    stage.work_off("signing.tasks.", "evidence.tasks.", *walks.TASKS_BELOW)
    seen("done", f"{here}/done")
    window.close()
    assert not {name: wrong for name, wrong in found.items() if wrong}


def test_a_name_is_not_broken_inside_a_word(chromium: "Browser", walk: Path) -> None:
    """Nor is it for want of room beside the reference."""
    Client.objects.filter(pk=stage.a_house().pk).update(name="Caisse complémentaire")
    created = stage.an_envelope(walk, "fr")
    window = Window(chromium, 320)
    with window.on(Scene("landing", f"/a/{created.tokens[0]}")):
        assert window.page.locator(".head .name").evaluate(LINES_OF_LAST_WORD) == 1
    window.close()
