"""A phone, as far as Chromium can be one: window, touch, a slow processor and a slow network.

The profile is that of the budget in signer-page.md, which is Lighthouse's "slow 4G": 1.6 Mbit/s down, 0.75 up, 150 ms
for each request, a main thread that is four times as slow. Chromium slows down neither the threads of workers, in which
pdf.js takes documents apart, nor what they fetch by themselves (fonts and tables that a PDF does not bring along).
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser import NARROW, trust

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PATIENCE = 120_000  # milliseconds
PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
KIBIBYTE = 1024


@dataclass(frozen=True)
class Profile:
    """What is slowed down, and how far."""

    cpu_rate: float = 4
    latency_ms: float = 150
    down_octets: float = 1_600_000 / 8
    up_octets: float = 750_000 / 8


SLOW = Profile()
QUICK = Profile(1, 0, -1, -1)  # -1: as quick as it goes
PHONE: dict[str, Any] = {
    "viewport": {"width": NARROW[0], "height": NARROW[1]},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
    "locale": "fr-FR",
    "timezone_id": "Europe/Paris",
}


def described() -> dict[str, Any]:
    """The profile, for the results."""
    return {"width": NARROW[0], "height": NARROW[1], "ratio": PHONE["device_scale_factor"], **asdict(SLOW)}


@contextmanager
def chromium(home: Path, root: Path, *arguments: str) -> "Iterator[Browser]":
    """A Chromium with an empty home, that trusts `root`; ends with the block."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - as in tests/browser.py

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options(home, root, *arguments))
        try:
            yield browser
        finally:
            browser.close()


def options(home: Path, root: Path, *arguments: str) -> dict[str, Any]:
    """How Chromium is started, in a home where it trusts `root`."""
    trust(home, root)
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("chromium is not installed; `make bootstrap-test` installs it on Debian")
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": program, "args": [*alone, *arguments], "env": {**os.environ, "HOME": str(home)}}


def in_hand(browser: "Browser") -> "BrowserContext":
    """A window of its own: no cookies, nothing kept from before."""
    context = browser.new_context(**PHONE)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(PROBE)
    return context


class Tab:
    """A tab, and the one session of Chromium's protocol that slows it down: what one session sets, no other lifts."""

    def __init__(self, context: "BrowserContext") -> None:
        self.page: Page = context.new_page()
        self._session = context.new_cdp_session(self.page)
        self._session.send("Network.enable")
        self.slow(SLOW)

    def slow(self, profile: Profile) -> None:
        """Slow it down so far from now on."""
        network = {"offline": False, "latency": profile.latency_ms}
        rates = {"downloadThroughput": profile.down_octets, "uploadThroughput": profile.up_octets}
        self._session.send("Network.emulateNetworkConditions", network | rates)
        self._session.send("Emulation.setCPUThrottlingRate", {"rate": profile.cpu_rate})


def memory(browser: "Browser") -> float:
    """MB that the kernel kept at most for the largest renderer there is, shared libraries included (VmHWM)."""
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    renderers = [each["id"] for each in told["processInfo"] if each["type"] == "renderer"]
    return max(map(_peak, renderers))


def _peak(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * KIBIBYTE / 1_000_000
    return 0.0
