"""The field of a mention in a real browser: by keyboard alone, heard, and when the network is lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from signing.models import Signer
from tests.gallery import stage
from tests.gallery.scene import Scene
from tests.gallery.test_gallery import chromium
from tests.signing import walks
from tests.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["chromium"]
pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: "Browser", walk: Path) -> "Iterator[Page]":
    """The documents, read and with every box checked: the mention is all that is missing."""
    window = Window(chromium, 390)
    stage.demand("fr")
    signer = walks.ready(stage.an_envelope(walk, "fr"))
    with window.on(Scene("mention", f"/p/{signer.public_id}/", visit="t1")):
        yield window.page
        assert not window.complaints
    window.close()


def test_it_is_reached_typed_and_judged_by_keyboard_alone(page: "Page") -> None:
    """SIGNER leads to it; Enter says what is wrong and signs nothing; leaving the field opens SIGNER."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    sign, field = page.locator(".bar .sign"), page.get_by_label("Écrivez vous-même")
    sign.focus()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.type("Lu")
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Ce n’est pas la mention demandée. Écrivez\u00a0: Lu et approuvé")
    expect(sign).to_have_attribute("aria-disabled", "true")
    page.keyboard.type(" et approuve")
    page.keyboard.press("Tab")
    expect(sign).to_have_attribute("aria-disabled", "false")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(field).to_have_accessible_description("")
    assert page.url.endswith("/")


def test_a_lost_network_is_said_and_what_was_typed_stays(page: "Page") -> None:
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    field = page.get_by_label("Écrivez vous-même")
    page.context.route("**/consent", lambda route: route.abort("connectionfailed"))
    field.fill("Lu et approuvé")
    field.press("Enter")
    expect(page.locator(".problem")).to_have_text("Ce que vous avez écrit n’a pas pu être enregistré. Réessayez.")
    expect(field).to_have_value("Lu et approuvé")
    page.context.unroute("**/consent")
    field.press("Enter")
    expect(page.locator(".bar .sign")).to_have_attribute("aria-disabled", "false")
    expect(page.locator(".problem")).to_have_text("")


def test_signer_pressed_right_after_typing_goes_on_once_it_was_answered(page: "Page") -> None:
    """The press sends what was typed first, and is not led back to a field that is right."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    page.get_by_label("Écrivez vous-même").fill("lu et approuvé")
    page.locator(".bar .sign").click(force=True)  # it is no main button yet, and may be pressed
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre code part.")
    signer = Signer.objects.get()
    assert signer.clicked_at is not None
    assert walks.entries(signer).count("mention.typed") == 1
