"""Every page and state of the journey, looked at by programs: laid out well, accessible, sound HTML, quiet on the
console.

In the suite each scene is seen once, widths, themes and languages mixed. `make gallery` sees each in all of them, and
keeps pictures for people in docs/gallery.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest

from evidence.events import Language
from tests import markup
from tests.gallery import pictures
from tests.gallery.acts import ACTS as JOURNEY
from tests.gallery.failures import failures
from tests.gallery.layout import faults
from tests.gallery.scene import Act, Scene
from tests.gallery.verification import verification
from tests.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# The text over a page's picture is transparent, and the words of a document are not ours (signer-page.md, 10).
RUN = "axe.run({exclude: [['.textLayer'], ['.annotationLayer']]}, {resultTypes: ['violations']})"
ACTS = (*JOURNEY, failures, verification)
LANGUAGES: tuple[Language, ...] = ("fr", "en")
MIXED = cycle([(390, "light"), (1280, "dark"), (320, "light"), (390, "dark"), (1280, "light"), (320, "dark")])
ONCE = [(act, LANGUAGES[n % 2]) for n, act in enumerate(ACTS)]
ALL = [(act, language) for act in ACTS for language in LANGUAGES]
Show = Callable[[Scene, int, str, Language], tuple[list[str], list[str]]]
"""Gives what is wrong with a scene as it is seen, and its HTML: as the application wrote it, and as scripts left it."""


@pytest.fixture(scope="module")
def chromium(_playwright: "Playwright", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Browser]":
    """A Chromium that reaches nothing but what `Window` answers."""
    program = shutil.which("chromium")
    assert program, "chromium is not installed; `make test` installs it on Debian"
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    home = str(tmp_path_factory.mktemp("chromium"))
    browser = _playwright.chromium.launch(executable_path=program, args=arguments, env={**os.environ, "HOME": home})
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def show(chromium: "Browser") -> Iterator[Show]:
    """Shows a scene and tells what is wrong with it; a window of each kind is opened once."""
    windows: dict[tuple[int, str, str, bool], Window] = {}

    def seen(scene: Scene, width: int, theme: str, language: Language) -> tuple[list[str], list[str]]:
        kind = (width, theme, language, scene.script)
        window = windows.get(kind) or Window(chromium, *kind)
        windows[kind] = window
        with window.on(scene):
            pictures.keep(window.page, scene, width, theme, language)
            seen_wrong = faults(window.page) + violations(window) if scene.script else []
            spoken = window.page.locator("html").get_attribute("lang")
            seen_wrong += [] if spoken == language else [f"speaks {spoken}"]
            return seen_wrong + window.complaints, [*window.served, window.page.content()]

    yield seen
    for window in windows.values():
        window.close()


@pytest.mark.parametrize(
    ("act", "language"), ALL if pictures.WANTED else ONCE, ids=lambda each: getattr(each, "__name__", each)
)
def test_every_page_is_well_laid_out_and_accessible(show: Show, walk: Path, act: Act, language: Language) -> None:
    """signer-page.md, 9 to 12: no violation of axe-core, nothing cut or overlapping, nothing on the console.

    Issue 7: HTML validated, that of the mails of the path too.
    """
    found, documents = [], dict[str, str]()
    for scene in act(walk, language):
        for width, theme in pictures.FRAMES if pictures.WANTED else [next(MIXED)]:
            wrong, served = show(scene, width, theme, language)
            found += [f"{scene.name} {language} {width} {theme}: {each}" for each in wrong]
            documents |= {f"{scene.name} {n}": html for n, html in enumerate(served, start=1)}
    found += markup.faults(documents)
    if mails := markup.of_mails(walk / "mailbox"):
        found += markup.faults(mails, leave_out=markup.OF_MAILS)
    assert not found, "\n".join(found)


def violations(window: Window) -> list[str]:
    """What axe-core finds, each rule with the first place and why."""
    window.page.evaluate(AXE)
    found: dict[str, Any] = window.page.evaluate(RUN)
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]} {each['nodes'][0]['failureSummary'][:200]}"
        for each in found["violations"]
    ]
