"""Visits to the documents page, timed: nothing kept from before, and from the landing page that warms the cache."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks.page import phone
from tests.http_signer import HttpSigner
from tests.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

VISIT = "__Host-path"
DRAWN = ".page[data-loaded]:not(.loadingIcon)"
# Whether the first page holds ink: what is called drawn is not a white sheet.
INK = """() => {
  const canvas = document.querySelector(".page[data-loaded]:not(.loadingIcon) canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4) if (data[at] < 128) return true;
  return false;
}"""
# What the landing page fetches ahead, once all of it is there.
FETCHED = """() => {
  const { addresses } = document.querySelector("script[data-addresses]").dataset;
  const ahead = addresses.split(" ").map((each) => new URL(each, location).href);
  const there = performance.getEntriesByType("resource").filter((each) => each.responseEnd).map((each) => each.name);
  return ahead.length > 0 && ahead.every((each) => there.includes(each));
}"""


@dataclass
class Visit:
    """What was seen of one visit: seconds, and the sum of all that moved."""

    shown: float
    drawn: float
    shift: float


@dataclass
class Traffic:
    """What a tab asked for until its first page stood there: octets on the wire by kind, and the hosts."""

    octets: Counter[str] = field(default_factory=Counter)
    hosts: set[str] = field(default_factory=set)

    def note(self, request: "Request") -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in {"http", "https"}:
            return
        self.hosts.add(asked.netloc)
        self.octets[kind_of(asked.path)] += request.sizes()["responseBodySize"]


def kind_of(path: str) -> str:
    """What an address gives, in the words of the results."""
    for part, kind in (("/static/js/", "our_scripts"), ("/static/vendor/", "pdfjs"), ("/static/fonts/", "fonts")):
        if path.startswith(part):
            return kind
    if path.startswith("/static/"):
        return "styles_and_images"
    return "document" if path.endswith(".pdf") else "page"


def handed_over(stack: Stack, paper: Path, *, signers: int = 1) -> list[str]:
    """An envelope with that document for so many people; gives their links."""
    people = [("--signer", f"Camille;Martin;camille{n}@exemple.fr;") for n in range(signers)]
    made = stack.manage("create_envelope", "--to-sign", paper, *(word for each in people for word in each))
    return [each["link"] for each in json.loads(made.stdout)["signers"]]


def cold(browser: "Browser", stack: Stack, link: str) -> tuple[Visit, Traffic, phone.Tab]:
    """The documents page in a browser that has never been there; the tab stays open."""
    context, address = _entered(browser, stack, link)
    tab, traffic = phone.Tab(context), Traffic()
    asked: list[Request] = []
    tab.page.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108 - it marks what it is given
    tab.page.goto(address, wait_until="commit")
    visit = _watched(tab.page)
    for request in asked.copy():  # more may come while sizes are asked for
        traffic.note(request)
    return visit, traffic, tab


def again(tab: phone.Tab) -> Visit:
    """The same page, opened anew in the same browser."""
    tab.page.goto(tab.page.url.split("#")[0], wait_until="commit")
    return _watched(tab.page)


def from_landing(browser: "Browser", link: str) -> Visit:
    """From the press of the landing page's button, once that page has fetched ahead what it does."""
    context = phone.in_hand(browser)
    page = phone.Tab(context).page
    page.goto(link, wait_until="load")
    while not page.evaluate(FETCHED):
        page.wait_for_timeout(100)
    page.locator("form .button.main").tap(no_wait_after=True)
    page.wait_for_url("**/p/*/", wait_until="commit")
    visit = _watched(page)
    context.close()
    return visit


def read_all(tab: phone.Tab) -> None:
    """Go through every page of every document, each until it stands there drawn; nothing is slowed down."""
    tab.slow(phone.QUICK)
    folios = tab.page.locator(".folio")
    for number in range(folios.count()):
        folio = folios.nth(number)
        folio.evaluate("one => one.scrollIntoView({ behavior: 'instant' })")
        folio.locator(DRAWN).wait_for(state="attached")


def shift(tab: phone.Tab) -> float:
    """All that moved without having been touched, since the page was opened."""
    told: float = tab.page.evaluate("__bench.shift")
    return told


def _entered(browser: "Browser", stack: Stack, link: str) -> "tuple[BrowserContext, str]":
    """A browser that holds the visit of somebody who came in elsewhere, and has kept no file."""
    signer = HttpSigner(stack.state / "sandbox" / "tls-root.crt")
    address = signer.open(link).url
    context = phone.in_hand(browser)
    context.add_cookies([{"name": VISIT, "value": signer.cookie(VISIT), "url": stack.url, "secure": True}])
    return context, address


def _watched(page: "Page") -> Visit:
    page.locator(DRAWN).first.wait_for(state="attached")
    while page.evaluate("__bench.drawn") <= 1 or page.evaluate("__bench.shown") <= 1:
        page.wait_for_timeout(20)
    told = page.evaluate("__bench")
    if not page.evaluate(INK):
        raise RuntimeError("the first page was called drawn, and is white")
    return Visit(told["shown"] / 1000, told["drawn"] / 1000, told["shift"])
