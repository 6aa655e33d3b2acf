"""Debian's own Chromium, driven by Playwright, trusting the access CA of the sandbox under test and nothing else."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

    from tests.stack import Stack

NARROW, WIDE = (390, 844), (1280, 900)
ACTION_MILLISECONDS = 15_000


# Per file, not per session: while Playwright's loop lives in this thread, no other test of the process can start one.
@pytest.fixture(scope="module")
def _playwright() -> "Iterator[Playwright]":
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - 0.3 s that only browser tests need

    # Playwright's loop lives in this thread; Django would refuse the ORM beside it, which tests use from here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def browser(_playwright: "Playwright", stack: "Stack", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Browser]":
    """A Chromium for the tests of a file. It trusts the certificate of `stack`, as after importing the root."""
    home = tmp_path_factory.mktemp("chromium")
    trust(home, stack.state / "sandbox" / "tls-root.crt")
    program = shutil.which("chromium")
    assert program, "chromium is not installed; `make test` installs it on Debian"
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    chromium = _playwright.chromium.launch(
        executable_path=program, args=arguments, env={**os.environ, "HOME": str(home)}
    )
    yield chromium
    chromium.close()


@pytest.fixture
def context(browser: "Browser") -> "Iterator[BrowserContext]":
    """A window of its own (cookies, storage) at 1280 px, French."""
    width, height = WIDE
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        accept_downloads=True,
    )
    context.set_default_timeout(ACTION_MILLISECONDS)
    yield context
    context.close()


@pytest.fixture
def page(context: "BrowserContext") -> "Page":
    """A tab. Whatever its console or its content security policy complains of fails the test at the end."""
    return context.new_page()


@pytest.fixture(autouse=True)
def _quiet_console(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a browser test whose pages threw, or broke their own content security policy."""
    if "page" not in request.fixturenames:
        yield
        return
    page, complaints = request.getfixturevalue("page"), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    yield
    assert not complaints


def trust(home: Path, root: Path) -> None:
    """Put `root` (PEM) among the authorities of the NSS database that a Chromium with this HOME reads."""
    database = home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    for arguments in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "paraphe", "-i", str(root)]):
        subprocess.run(["certutil", "-d", f"sql:{database}", *arguments], check=True, capture_output=True)
