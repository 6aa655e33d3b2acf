"""A path in English, on a phone whose browser is French: the signer's language decides, on every page, in every file.

Issue "The house holds", 6.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.front.languages import said, slips
from tests.journeys import signer
from tests.journeys.signer import ENGLISH
from tests.pdfs import sound
from tests.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
GIVEN = ("Camille Martin", "Contrat", "Conditions", "Exemple SA")
NARROW = 390
ENDS_MILLISECONDS = 40_000
WITHOUT_DOCUMENTS = """() => {
  const copy = document.documentElement.cloneNode(true);
  for (const drawn of copy.querySelectorAll(".pdfViewer")) drawn.remove();
  return copy.outerHTML;
}"""


def create(stack: Stack, folder: Path) -> dict[str, Any]:
    """A contract of two pages and one page for information, for a signer who reads English."""
    contract, terms = folder / "Contrat.pdf", folder / "Conditions.pdf"
    contract.write_bytes(sound.contract(2))
    terms.write_bytes(sound.terms())
    told = stack.manage(
        *("create_envelope", "--to-sign", contract, "--for-information", terms, "--lang", "en"),
        *("--signer", "Camille;Martin;camille@exemple.fr;+33612345642"),
    )
    return dict(json.loads(told.stdout))


def speaks_english(page: "Page") -> None:
    """Nothing of the page as it stands now is French, and it does not have to be moved sideways."""
    assert page.evaluate("navigator.language") == "fr-FR"
    assert page.locator("html").get_attribute("lang") == "en"
    assert not slips(said(page.evaluate(WITHOUT_DOCUMENTS)), "en", given=GIVEN)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


def test_an_english_signer_reads_agrees_and_signs(
    stack: Stack, page: "Page", tmp_path: Path, outside: Callable[..., Any]
) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    page.set_viewport_size({"width": NARROW, "height": 844})
    told = create(stack, tmp_path)
    page.goto(told["signers"][0]["link"])
    speaks_english(page)
    signer.open_documents(page, told["signers"][0]["link"], ENGLISH)
    speaks_english(page)
    reads(page)
    signer.agree(page)
    speaks_english(page)
    before = signer.newest_code(stack.state / "mailbox")
    signer.press_sign(page, ENGLISH)
    expect(page.get_by_label(re.compile("^Code"))).to_be_visible()
    speaks_english(page)
    code = signer.newest_code(stack.state / "mailbox", besides=before)
    signer.enter(page, f"{(int(code) + 1) % 1_000_000:06d}", ENGLISH)
    expect(page.get_by_text("This code is not the right one.").first).to_be_visible()
    speaks_english(page)
    signer.enter(page, code, ENGLISH)
    expect(page.get_by_role("heading", level=1)).to_have_text("It is signed.", timeout=ENDS_MILLISECONDS)
    speaks_english(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download")).first.click()
    assert download.value.suggested_filename == "signed-contrat.pdf"
    download.value.save_as(tmp_path / "signed.pdf")
    stamp = outside("pdftotext", tmp_path / "signed.pdf", "-").stdout
    assert "Electronically signed by" in stamp
    assert f"File {told['reference']}" in stamp
    out = tmp_path / "out"
    stack.export(told["reference"], out)
    assert 'label="SIGN"' in (out / "signer-1" / "dossier.xml").read_text()


def reads(page: "Page") -> None:
    """Scroll through what is left after one page is declared and one is enlarged; both are told by the script."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    expect(page.get_by_text("Next page to read").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^I have read page 1 of Contrat")).click()
    expect(page.get_by_text(re.compile(r"^Page 1 read at \d\d:\d\d$")).first).to_be_visible()
    expect(page.get_by_text(re.compile("^1 pages read out of 4$")).first).to_be_visible()
    enlarge = page.get_by_role("button", name=re.compile("^Enlarge page 2")).first
    enlarge.click()
    expect(page.get_by_role("group", name="Page 2 enlarged, scrolls sideways")).to_be_visible()
    speaks_english(page)
    page.get_by_role("button", name=re.compile("^Reduce page 2")).first.click()
    signer.read_by_scrolling(page, ENGLISH)
    expect(page.get_by_text("read in full").first).to_be_visible()


def test_an_english_signer_refuses(stack: Stack, page: "Page", tmp_path: Path) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    page.set_viewport_size({"width": NARROW, "height": 844})
    told = create(stack, tmp_path)
    signer.open_documents(page, told["signers"][0]["link"], ENGLISH)
    page.get_by_role("link", name="REFUSE").click()
    page.get_by_role("button", name="Refuse to sign").click()
    expect(page.get_by_role("alert")).to_contain_text("Your refusal is not recorded yet.")
    speaks_english(page)
    page.get_by_label("The contents do not suit me").check()
    page.get_by_label(re.compile("^I confirm")).check()
    page.get_by_role("button", name="Refuse to sign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have refused to sign.")
    speaks_english(page)
    expect(page.get_by_role("link", name=re.compile("^Download the evidence dossier"))).to_be_visible(
        timeout=ENDS_MILLISECONDS
    )
