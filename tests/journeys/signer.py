"""A signer at the screen: what a person does on the pages of a path, with the names that people see."""

import email
import email.policy
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Locator, Page

SPACE = r"[\s\u00a0\u202f]"
APOSTROPHE = r"['’]"
LOOK_MILLISECONDS = 2_500  # a look at one part of a page: the minimum of one second, a batch and its answer
SCREENS_OF_A_PAGE = 12
TOP = 12  # where a page's upper edge is brought, in pixels below the window's


@dataclass(frozen=True)
class Names:
    """What a page calls what is pressed and looked for; one page `of` others, so many pages `count`."""

    view: str
    of: str
    read: str
    count: str
    sign: str
    confirm: str


FRENCH = Names("Accéder aux documents", "sur", ", lue", "pages lues sur", "SIGNER", "Valider")
ENGLISH = Names("View the documents", "of", ", read", "pages read out of", "SIGN", "Confirm")


def open_documents(page: "Page", link: str, names: Names = FRENCH) -> None:
    """From the link to the documents."""
    page.goto(link)
    page.get_by_role("button", name=names.view).click()
    expect(page.get_by_text(re.compile(rf"^0 {names.count}{SPACE}\d+")).first).to_be_visible()


def regions(page: "Page", names: Names = FRENCH) -> "list[Locator]":
    """Every page of every document, in order."""
    return page.get_by_role("region", name=re.compile(rf"page{SPACE}\d+ {names.of}")).all()


def read_by_scrolling(page: "Page", names: Names = FRENCH) -> None:
    """Scroll through every page until the server says that it is read; nothing but the wheel is used."""
    for region in regions(page, names):
        _scroll_through(page, region, re.compile(names.read))
    pages = len(regions(page, names))
    expect(page.get_by_text(re.compile(rf"^{pages} {names.count}{SPACE}{pages}")).first).to_be_visible()


def _scroll_through(page: "Page", region: "Locator", read: re.Pattern[str]) -> None:
    """Wheel down, a part of a screen at a time, until the region's name says that the page is read.

    Where a busy machine drew it after it was scrolled past, it is gone through once more, as a person would.
    """
    for _ in range(2):
        _turn(page, _box(region)["y"] - TOP)
        expect(region.locator("canvas").first).to_be_visible()
        for _ in range(SCREENS_OF_A_PAGE):
            try:
                expect(region).to_have_attribute("aria-label", read, timeout=LOOK_MILLISECONDS)
            except AssertionError:
                _wheel(page, region)
            else:
                return
    expect(region).to_have_attribute("aria-label", read)


def _wheel(page: "Page", region: "Locator") -> None:
    """Bring a little more of the page above the bar; at its end, nothing."""
    view = page.viewport_size
    assert view
    box = _box(region)
    left = box["y"] + box["height"] - view["height"] * 0.8
    _turn(page, max(min(left, view["height"] * 0.4), 0))


def _turn(page: "Page", pixels: float) -> None:
    """Turn the wheel over the middle of the window, down by so many pixels (up where negative)."""
    view = page.viewport_size
    assert view
    page.mouse.move(view["width"] / 2, view["height"] / 3)
    page.mouse.wheel(0, pixels)


def _box(region: "Locator") -> "FloatRect":
    box = region.bounding_box()
    assert box
    return box


def agree(page: "Page") -> None:
    """Check the three boxes."""
    boxes = page.get_by_role("checkbox").all()
    assert len(boxes) == 3
    for box in boxes:
        assert not box.is_checked()
        with page.expect_response(lambda answer: answer.url.endswith("/consent")):
            box.check()


def press_sign(page: "Page", names: Names = FRENCH) -> None:
    button = page.get_by_role("button", name=names.sign, exact=True)
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.click()


def enter(page: "Page", code: str, names: Names = FRENCH) -> None:
    """Type a code as a person pastes it, and press the button."""
    page.get_by_label(re.compile("^Code")).fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name=re.compile(f"^{names.confirm}")).click()


def refuse(page: "Page", reason: str) -> None:
    """REFUSER, a reason, the confirmation."""
    page.get_by_role("link", name="REFUSER").or_(page.get_by_role("button", name="REFUSER")).first.click()
    page.get_by_label("Le contenu ne me convient pas").check()
    page.get_by_role("textbox").fill(reason)
    page.get_by_label(re.compile("^Je confirme")).check()
    page.get_by_role("button", name="Refuser de signer").click()


def newest_code(mailbox: Path, *, besides: str = "") -> str:
    """The code in the newest mail of the mailbox that holds one other than `besides`; empty where there is none yet."""
    for file in sorted(mailbox.glob("*.eml"), reverse=True):
        parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = parsed.get_body(("plain",))
        found = re.search(rf"(?m)^{SPACE}*(\d{{3}}){SPACE}?(\d{{3}}){SPACE}*$", body.get_content() if body else "")
        if found and (code := found[1] + found[2]) != besides:
            return code
    return ""


def newest_sms(mailbox: Path, reference: str) -> str:
    """The newest SMS of an envelope, its number in the first line; empty where there is none."""
    texts = (file.read_text() for file in sorted(mailbox.glob("*.sms.txt"), reverse=True))
    return next((text for text in texts if reference in text), "")


def link_in_mail(mailbox: Path, name: str, reference: str) -> str:
    """The link in the newest mail to this person about this envelope."""
    for file in sorted(mailbox.glob("*.eml"), reverse=True):
        parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = parsed.get_body(("plain",))
        text = body.get_content() if body else ""
        found = re.search(r"(?m)^https://\S+/a/\S+$", text)
        if found and name in text and reference in text:
            return found[0]
    raise AssertionError(f"no mail with a link to {name}")
