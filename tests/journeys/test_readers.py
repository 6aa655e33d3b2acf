"""Readers at the screen: honest ones always get to SIGNER, hasty and hidden ones never do (signer-page.md).

Forged batches, replays and direct posts are judged in `tests/signing/views/test_reading.py`, and by properties
in `tests/signing/test_reading.py`.
"""

import os
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils.timezone import now

from signing import progress
from signing.actions.envelopes import NewDocument, create_envelope
from signing.clients.models import Client
from signing.models import Document, PageReading, Signer
from tests.gallery.scene import Scene
from tests.journeys import signer as person
from tests.pdfs import sound
from tests.signing import walks
from tests.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

pytestmark = pytest.mark.browser
PAGES = 2
DWELL_MS = 600
LONG = 20_000
# What a browser does whose owner keeps sites from storing anything but cookies.
BLOCKED = """
  for (const each of ["localStorage", "sessionStorage", "indexedDB", "caches"]) Object.defineProperty(window, each, {
    get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
  });
"""


@pytest.fixture(scope="module")
def chromium(_playwright: "Playwright", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Browser]":
    program = shutil.which("chromium")
    assert program, "chromium is not installed; `make test` installs it on Debian"
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    home = str(tmp_path_factory.mktemp("chromium"))
    browser = _playwright.chromium.launch(executable_path=program, args=arguments, env={**os.environ, "HOME": home})
    yield browser
    browser.close()


@pytest.fixture
def reader(walk: Path) -> Signer:
    """A path that is open, with a contract of two pages and nothing read."""
    return path_over(walk, PAGES)


@pytest.fixture
def hasty(walk: Path) -> Signer:
    """The same over six pages, for those who pass over some."""
    return path_over(walk, 6)


def path_over(walk: Path, pages: int) -> Signer:
    client = walks.a_client()
    Client.objects.filter(pk=client.pk).update(dwell_ms=DWELL_MS)
    client.refresh_from_db()
    file = walk / "contrat.pdf"
    file.write_bytes(sound.contract(pages))
    walks.pki.hold()
    created = create_envelope(
        client=client,
        documents=[NewDocument(file, "Contrat", file.name, Document.Role.TO_SIGN)],
        signers=[walks.CAMILLE],
        actor=walks.CLIENT,
        at=now(),
    )
    return walks.opened(created)


def scene(reader: Signer, **changes: bool) -> Scene:
    return Scene("reading", f"/p/{reader.public_id}/", visit="t1", **changes)  # type: ignore[arg-type]  # script alone


def all_read(page: "Page") -> None:
    """The page says so, for the server does."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    expect(page.locator("#count")).to_have_text(f"{PAGES} pages lues sur {PAGES}", timeout=LONG)


@pytest.mark.parametrize(
    ("width", "height", "zoom"),
    [(390, 844, 2), (844, 390, 2), (320, 225, 4), (1280, 900, 1)],
    ids=["portrait", "landscape", "zoom of 400 %", "desk"],
)
def test_whoever_scrolls_through_has_read(
    chromium: "Browser", reader: Signer, monkeypatch: pytest.MonkeyPatch, width: int, height: int, zoom: float
) -> None:
    monkeypatch.setattr(person, "LOOK_MILLISECONDS", 600)  # one part of a page, a quarter of a second seen
    window = Window(chromium, width, height=height, zoom=zoom)
    with window.on(scene(reader)):
        person.read_by_scrolling(window.page)
        all_read(window.page)
    window.close()
    methods = set(PageReading.objects.values_list("method", flat=True))
    assert methods == {"displayed"}


def test_a_keyboard_is_enough(chromium: "Browser", reader: Signer) -> None:
    """PageDown alone brings every part of every page into sight."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    window = Window(chromium, 1280)
    with window.on(scene(reader)):
        page = window.page
        regions = person.regions(page)
        for region in regions:
            region.focus()
            expect(region.locator("canvas").first).to_be_attached()
            for _ in range(6):
                try:
                    expect(region).to_have_attribute("aria-label", re.compile(", lue"), timeout=1_800)
                    break
                except AssertionError:
                    page.keyboard.press("PageDown")
            expect(region).to_have_attribute("aria-label", re.compile(", lue"))
        all_read(page)
    window.close()


def test_the_buttons_are_enough(chromium: "Browser", reader: Signer) -> None:
    """ "J'ai lu la page N" below each page, after the same minimum time."""
    window = Window(chromium, 390)
    with window.on(scene(reader)):
        page = window.page
        page.locator("canvas").first.wait_for(state="attached")
        for n in range(1, PAGES + 1):
            page.get_by_role("button", name=re.compile(f"^J.ai lu la page {n}")).click()
            page.get_by_text(re.compile(rf"^Page {n} lue à")).wait_for(timeout=LONG)
        all_read(page)
    window.close()


def test_without_script_pictures_and_forms_are_enough(chromium: "Browser", reader: Signer) -> None:
    window = Window(chromium, 390, script=False)
    with window.on(scene(reader, script=False)):
        page = window.page
        for n in range(1, PAGES + 1):
            PageReading.objects.filter(page=n).update(dwell_ms=DWELL_MS)  # the minimum time has passed
            page.locator(f"#d1-p{n} .declare").click()
            page.locator(f"#d1-p{n} .read-at").wait_for()
        assert progress.of(walks.fresh(reader)).pages_read == PAGES
    window.close()
    assert "image" in set(PageReading.objects.values_list("method", flat=True))


def test_a_reload_in_the_middle_loses_nothing(chromium: "Browser", reader: Signer) -> None:
    window = Window(chromium, 390)
    with window.on(scene(reader)):
        page = window.page
        first = person.regions(page)[0]
        person._scroll_through(page, first, re.compile(", lue"))
        page.reload()
        page.get_by_text(re.compile("^Page 1 lue à")).wait_for()
        person.read_by_scrolling(page)
    window.close()


@pytest.mark.parametrize("years", [-1, 1])
def test_a_wrong_clock_and_blocked_storage_change_nothing(chromium: "Browser", reader: Signer, years: int) -> None:
    """Issue 7, bad input: no warning comes early, and the server's clock alone dates what was read."""
    window = Window(chromium, 390)
    window.context.add_init_script(BLOCKED)
    with window.on(scene(reader)):
        page = window.page
        page.clock.set_system_time(now() + years * timedelta(days=365))
        page.reload()
        assert abs(page.evaluate("new Date().getFullYear()") - now().year) == 1
        person.read_by_scrolling(page)
        all_read(page)
        assert page.locator(".session-ends:not([hidden])").count() == 0
        assert not window.complaints
    window.close()
    day = timedelta(days=1)
    assert PageReading.objects.filter(read_at__range=(now() - day, now() + day)).count() == PAGES


def test_a_jump_to_the_end_reads_nothing_of_the_middle(chromium: "Browser", hasty: Signer) -> None:
    window = Window(chromium, 390)
    with window.on(scene(hasty)):
        page = window.page
        page.keyboard.press("End")
        assert not_ready(page)
    window.close()
    held = progress.of(walks.fresh(hasty))
    assert {2, 3, 4} <= {place.page for place in held.missing}


def test_a_flick_through_all_pages_is_no_reading(chromium: "Browser", hasty: Signer) -> None:
    window = Window(chromium, 390)
    with window.on(scene(hasty)):
        page = window.page
        page.locator("canvas").first.wait_for(state="attached")
        for _ in range(30):
            page.mouse.wheel(0, 400)
        assert not_ready(page)
    window.close()


def test_a_hidden_tab_reads_nothing(chromium: "Browser", reader: Signer) -> None:
    """Nothing is claimed of what nobody can see, however long it stays there."""
    window = Window(chromium, 390)
    window.context.add_init_script(
        "Object.defineProperty(Document.prototype, 'visibilityState', {get: () => 'hidden'})"
    )
    with window.on(scene(reader)):
        page = window.page
        page.locator("canvas").first.wait_for(state="attached")
        told: list[str] = []
        page.on("request", lambda asked: told.append(asked.url))
        page.clock.install()
        page.clock.fast_forward(10_000)
        assert not [url for url in told if url.endswith("/reading")]
        assert not_ready(page)
    window.close()
    assert progress.of(walks.fresh(reader)).pages_read == 0


def not_ready(page: "Page") -> bool:
    """SIGNER leads to the first page that is missing, and a direct post is answered by 409."""
    button = page.get_by_role("button", name="SIGNER", exact=True)
    button.focus()
    button.press("Enter")
    page.locator(".folio:focus").wait_for(state="attached")
    status = page.evaluate(
        """() => {
          const form = document.getElementById("signature");
          const body = new URLSearchParams(new FormData(form));
          const asked = {method: "POST", headers: {Accept: "application/json"}, body};
          return fetch(form.action, asked).then((answer) => answer.status);
        }"""
    )
    return bool(status == 409)
