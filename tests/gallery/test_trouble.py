"""A signer under stress: no network, a phone that slept, hours of another country, a slow line."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.utils.timezone import now

from signing.actions import reading, signature
from signing.models import CodeChannel, Signer, Visit
from tests.gallery import hands, stage
from tests.gallery.acts import said_back
from tests.gallery.scene import Scene
from tests.gallery.test_gallery import chromium
from tests.signing import walks
from tests.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
RETURN = "document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))"
PARIS = "Les heures sont celles de Paris."
NOTICE = ".session-ends:not([hidden])"


@pytest.fixture
def window(chromium: "Browser") -> Iterator[Window]:
    opened = Window(chromium, 390)
    yield opened
    opened.close()


def at(signer: Signer, page: str = "") -> Scene:
    return Scene("trouble", f"/p/{signer.public_id}/{page}", visit="t1")


def test_what_was_typed_stays_where_there_is_no_network(window: Window, walk: Path) -> None:
    """Issue 7: network lost in the middle of signing (says so, resumes). Nothing of a page is kept by a cache."""
    signer = walks.opened(stage.an_envelope(walk, "fr"))
    with window.on(at(signer, "refuse")):
        page = window.page
        page.locator("#id_choice_0").check()
        page.locator("#id_reason").fill("Je ne reconnais pas l’article 4.")
        page.locator("#id_confirm").check()
        window.context.set_offline(True)
        page.locator("form .button.grave").click()
        assert "rien n’a été envoyé" in page.locator(NOTICE).inner_text()
        assert page.locator("#id_reason").input_value() == "Je ne reconnais pas l’article 4."
        assert walks.fresh(signer).state == "OPENED"
        window.context.set_offline(False)
        page.locator(NOTICE).wait_for(state="hidden")
        page.locator("form .button.grave").click()
        page.wait_for_url("**/refused")
    assert walks.fresh(signer).state == "REFUSED"


def test_what_answered_a_form_is_loaded_again_and_not_sent_again(window: Window, walk: Path) -> None:
    """Issue 7, bad input: back button. Browsers would ask whether to send anew, or show an error of their own."""
    signer = walks.opened(stage.an_envelope(walk, "fr"))
    with window.on(at(signer, "refuse")):
        page = window.page
        hands.confirmed_nothing(page)
        with page.expect_request(lambda request: request.is_navigation_request()) as asked:
            page.reload()
        assert asked.value.method == "GET"
        hands.confirmed_nothing(page)
        page.locator("footer a").first.click()
        page.wait_for_url("**/verify/*")
        page.go_back()
        page.wait_for_url("**/refuse")
        assert "refuser" in page.locator("h1").inner_text()
        assert not window.complaints


def test_who_comes_back_to_a_visit_that_has_ended_is_told(window: Window, walk: Path) -> None:
    """The browser's stopwatch stands still while a phone sleeps; signer-page.md, 7."""
    signer = walks.opened(stage.an_envelope(walk, "fr"))
    with window.on(at(signer, "refuse")):
        page = window.page
        page.clock.install()
        page.evaluate(RETURN)
        page.clock.run_for(2_000)
        assert page.locator(".session-ends").is_hidden()
        Visit.objects.update(seen_at=now() - timedelta(seconds=settings.VISIT_IDLE_SECONDS))
        with page.expect_response("**/stay"):
            page.evaluate(RETURN)
        page.locator(NOTICE).wait_for()
        page.clock.run_for(2_000)
        assert "Votre visite est terminée" in page.locator(NOTICE).inner_text()


def test_who_comes_back_sees_what_was_done_in_another_tab(window: Window, walk: Path) -> None:
    """Issue 7, bad input: two tabs. Pages, boxes, mentions, then SIGNER itself, and at last the end."""
    stage.demand("fr")
    signer = walks.opened(stage.an_envelope(walk, "fr"))
    with window.on(at(signer)):
        page = window.page
        signer = walks.agreed(walks.read(signer))
        reading.set_mention(signer=signer, consent="whole", typed="lu et approuvé", actor=walks.actor(), at=now())
        page.evaluate(RETURN)
        page.locator(".sign[aria-disabled=false]").wait_for()
        total = page.locator("progress").get_attribute("max")
        assert page.locator("#count").inner_text() == f"{total} pages lues sur {total}"
        assert page.locator(".choice input:checked").count() == 3
        assert page.locator("#mention-whole").input_value() == "lu et approuvé"
        reading.set_consent(signer=signer, consent="scope", checked=False, actor=walks.actor(), at=now())
        page.evaluate(RETURN)
        page.locator(".sign[aria-disabled=true]").wait_for()
        assert not page.locator("#accord-scope").is_checked()
        signature.click_sign(signer=walks.agreed(walks.fresh(signer)), actor=walks.actor(), at=now())
        page.evaluate(RETURN)
        page.get_by_text("Vous avez déjà cliqué sur SIGNER").wait_for()
        signature.refuse(signer=walks.fresh(signer), choice="content", reason="", actor=walks.actor(), at=now())
        page.evaluate(RETURN)
        page.wait_for_url("**/refused")
        assert not window.complaints


def test_a_page_that_waits_for_the_code_says_that_the_server_is_away(window: Window, walk: Path) -> None:
    signer = walks.ready(stage.an_envelope(walk, "fr"))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    with window.on(at(signer, "code")):
        page = window.page
        assert not page.locator(".waiting").inner_text()
        window.broken = ("/status",)
        page.get_by_text("Le serveur ne répond pas").wait_for()
        stage.work_off()
        window.broken = ()
        page.locator("#id_code").wait_for()


def test_hours_of_paris_are_named_where_the_device_keeps_others(chromium: "Browser", walk: Path) -> None:
    """The hours until which a code is valid and one may sign, wherever that is read."""
    created = stage.an_envelope(walk, "fr")
    signer = walks.ready(created)
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    stage.work_off()
    for zone, told in (("Europe/Berlin", False), ("America/Martinique", True)):
        window = Window(chromium, 390, zone=zone)
        for scene in (Scene("landing", f"/a/{created.tokens[0]}"), at(signer, "code"), at(signer, "refuse")):
            with window.on(scene):
                window.page.wait_for_load_state("networkidle")
                assert window.page.locator(".zone:visible").all_inner_texts() == [PARIS] * told
                assert not window.complaints
        window.close()


def test_hours_of_paris_are_named_where_no_script_knows_the_device(chromium: "Browser", walk: Path) -> None:
    """Without script on every page that names hours, behind the small links of a mail too."""
    created = stage.an_envelope(walk, "fr")
    signer = walks.opened(created)
    here = [at(signer), at(signer, "refuse"), Scene("landing", f"/a/{created.tokens[0]}")]
    here += [Scene("wish", address.removeprefix(settings.PUBLIC_URL)) for address in said_back(signer)]
    window = Window(chromium, 390, script=False)
    for scene in here:
        with window.on(scene):
            assert window.page.locator(".zone:visible").all_inner_texts() == [PARIS]
    window.close()
    elsewhere = Window(chromium, 390, zone="Pacific/Noumea")
    for scene in here[3:]:
        with elsewhere.on(scene):
            elsewhere.page.locator(".zone:visible").wait_for()
    elsewhere.close()


def test_pictures_are_explained_while_there_is_one_to_be_declared_read(window: Window, walk: Path) -> None:
    """signer-page.md, pdf.js: an old phone. Afterwards the bar says what comes next, as everywhere."""
    signer = walks.opened(walks.an_envelope(walk, pages=1))
    scene = Scene("pictures", f"/p/{signer.public_id}/", visit="t1", broken=("pdf.min.mjs",))
    explained = "Pages en images"
    with window.on(scene):
        page = window.page
        for place in ("#d1-p1", "#d2-p1", "#d2-p2"):
            page.locator(f"{place} .declare").scroll_into_view_if_needed()
            page.locator(f"{place} .picture").wait_for()
            assert explained in page.locator(".bar .note").inner_text()
            page.locator(f"{place} .declare").click()
            page.locator(f"{place} .read-at").wait_for()
        assert "cases" in page.locator("#missing").inner_text()
        assert page.locator(".bar .note").is_hidden()
    with window.on(scene):
        window.page.locator("#d1-p1 .picture").wait_for()
        assert window.page.locator(".bar .note").is_hidden()


@pytest.mark.parametrize("channel", [CodeChannel.EMAIL, CodeChannel.NONE])
def test_sign_that_is_pressed_while_the_last_box_is_on_its_way(
    window: Window, walk: Path, channel: CodeChannel
) -> None:
    """On a slow line the press goes through once the server has the box; not where it would sign at once."""
    signer = walks.read(walks.opened(stage.an_envelope(walk, "fr")))
    Signer.objects.filter(pk=signer.pk).update(code_channel=channel)
    held: list[Route] = []
    with window.on(at(signer)):
        page = window.page
        boxes = page.locator(".choice input").all()
        for box in boxes[:-1]:
            with page.expect_response("**/consent"):
                box.check()
        page.route("**/consent", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
        with page.expect_request("**/consent"):
            boxes[-1].check()
        page.locator(".sign").click(force=True)
        assert page.locator(".sign").get_attribute("aria-disabled") == "true"
        held[0].fallback()
        if channel == CodeChannel.NONE:
            page.locator(".sign[aria-disabled=false]").wait_for()
            assert page.url.endswith(f"{signer.public_id}/")
        else:
            page.wait_for_url("**/code")
