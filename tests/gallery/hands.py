"""What is done to a page before its picture is taken: pressed, typed, scrolled to, waited for."""

from typing import TYPE_CHECKING

from tests.signing import walks

if TYPE_CHECKING:
    from playwright.sync_api import Page


def opened_again(page: "Page") -> None:
    """Press the button of the landing page, where there still is one."""
    page.locator("form .button.main").click()
    page.wait_for_load_state("load")


def drawn_page(page: "Page") -> None:
    page.locator("canvas").first.wait_for(state="attached")


def enlarged(page: "Page") -> None:
    drawn_page(page)
    button = page.locator(".enlarge").first
    if button.is_visible():
        button.click()


def in_pictures(page: "Page") -> None:
    page.locator(".slot .picture").first.wait_for()
    page.locator(".bar .note:not(:empty)").wait_for()


def lost_page(page: "Page") -> None:
    page.locator(".folio[data-state=failed] .lost").first.wait_for()  # one that is not read


def lost_connection(page: "Page") -> None:
    drawn_page(page)
    # What is in sight is told, and cannot be. On a phone the note takes the link's place, maybe before it is pressed.
    page.evaluate("document.querySelector('.bar .next').click()")
    page.locator(".bar .note:not(:empty)").wait_for()


def pressed_too_early(page: "Page") -> None:
    """As a browser would whose scripts did not start."""
    page.evaluate("document.getElementById('signature').submit()")
    page.locator(".notice.alert").wait_for()
    page.wait_for_load_state("load")


def second_page(page: "Page") -> None:
    drawn_page(page)
    page.locator(".folio").nth(1).scroll_into_view_if_needed()
    page.locator(".folio").nth(1).locator("canvas").wait_for(state="attached")


def end_of_page(page: "Page") -> None:
    page.locator(".choice").last.scroll_into_view_if_needed()


def at_the_mention(page: "Page") -> None:
    page.locator(".mention").scroll_into_view_if_needed()


def typed_otherwise(page: "Page") -> None:
    page.locator(".mention input").fill("Lu")
    page.locator(".mention input").press("Enter")
    page.locator(".mention.wrong").wait_for()
    page.locator(".choice").last.scroll_into_view_if_needed()


def sent_empty(page: "Page") -> None:
    page.locator("form .button.main").click()
    page.locator(".notice.alert").wait_for()
    page.wait_for_load_state("load")


def objected(page: "Page") -> None:
    if page.locator("#enregistrees").count():  # in another frame, of this path
        page.goto(f"{page.url}?sent")
        return
    page.locator("#id_text").fill("I was not shown the annex that article 4 speaks of.")
    page.locator("form .button.main").click()
    page.locator("#enregistrees").wait_for()
    page.wait_for_load_state("load")


def left_alone(page: "Page") -> None:
    page.clock.install()
    page.reload()
    page.clock.run_for((walks.settings.VISIT_IDLE_SECONDS - 179) * 1000)
    page.locator(".session-ends:not([hidden])").wait_for()


def confirmed_nothing(page: "Page") -> None:
    page.locator("form .button.grave").click()
    page.locator(".notice.alert").wait_for()
    page.wait_for_load_state("load")


def type_code(page: "Page", code: str) -> None:
    page.locator("#id_code").fill(code)
    page.locator("#id_code").press("Enter")
    page.locator(".notice.alert").wait_for()
    page.wait_for_load_state("load")
