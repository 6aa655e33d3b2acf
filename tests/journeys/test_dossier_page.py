"""Issue, part 10: the legal team's page at the screen: time line, digests, side by side, everything in one click."""

import json
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys import signer
from tests.journeys.test_admin import LOOKS, log_in
from tests.journeys.test_main_job import ENDS_MILLISECONDS, create
from tests.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("DOSSIER_PICTURES", "")


def fits(page: "Page", name: str) -> None:
    """Nothing sticks out at either width; the pictures are kept for whoever asked for them."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if PICTURES:
            page.wait_for_load_state("networkidle")
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One that deposits what it seals, as delivered."""
    running = Stack(tmp_path_factory.mktemp("paraphe") / "state", ARCHIVES="evidence.archive.vault.Vault")
    try:
        yield running.prepared().start()
    finally:
        running.stop()


def test_a_dossier_is_read_compared_and_taken_away(stack: Stack, page: "Page", tmp_path: Path) -> None:
    """From the signature to the container in the hands of a legal team, without leaving the pages."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    told = create(stack, tmp_path)
    signer.open_documents(page, told["signers"][0]["link"])
    signer.read_by_scrolling(page)
    signer.agree(page)
    before = signer.newest_code(stack.state / "mailbox")
    signer.press_sign(page)
    expect(page.get_by_label(re.compile("^Code"))).to_be_visible()
    signer.enter(page, signer.newest_code(stack.state / "mailbox", besides=before))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("C’est signé"), timeout=ENDS_MILLISECONDS)
    log_in(stack, page)
    page.get_by_role("link", name=told["reference"]).click()
    read = page.get_by_role("link", name="Lire à l’écran")
    for _ in range(LOOKS):
        if read.is_visible():
            break
        page.reload()
    fits(page, "sheet")
    read.click()
    receipt = page.get_by_role("link", name="Accusé de réception")
    for _ in range(LOOKS):
        if receipt.is_visible():
            break
        page.reload()
    expect(receipt).to_be_visible()
    expect(page.get_by_text("SIGNER pressé")).to_be_visible()
    fits(page, "proof")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier").first.click()
    expect(page.get_by_role("button", name="Copié")).to_be_visible()
    assert re.fullmatch("[0-9a-f]{64}", page.evaluate("navigator.clipboard.readText()"))
    for button, name in (("Tout le dossier", "taken.asice"), ("Le dossier à lire", "taken.pdf")):
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile(button)).click()
        download.value.save_as(tmp_path / name)
        assert json.loads(stack.manage("verify", tmp_path / name).stdout)["verdict"] == "valid"
    page.get_by_role("link", name=re.compile("^Comparer")).first.click()
    expect(page.get_by_text("octet pour octet, le début du fichier signé")).to_be_visible()
    page.get_by_role("button", name="Page suivante").click()
    expect(page.locator('canvas[data-drawn="2"]')).to_have_count(2)
    fits(page, "compare")
    page.get_by_role("link", name=told["reference"]).click()
    page.get_by_role("link", name=re.compile("^Lire les")).click()
    fits(page, "journal")
    taken_together(page, told["reference"], tmp_path)


def taken_together(page: "Page", reference: str, folder: Path) -> None:
    """From the list: chosen, followed, downloaded."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    page.get_by_role("link", name="Enveloppes", exact=True).first.click()
    fits(page, "list")
    page.set_viewport_size({"width": 1280, "height": 844})
    page.get_by_role("row", name=re.compile(reference)).get_by_role("checkbox").check()
    page.locator('select[name="action"]').select_option(label="Exporter les dossiers de preuve")
    page.locator('#changelist button[name="index"]').click()
    expect(page.get_by_role("link", name="Télécharger le ZIP")).to_be_visible(timeout=ENDS_MILLISECONDS)
    fits(page, "bundle")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le ZIP").click()
    download.value.save_as(folder / "all.zip")
    with zipfile.ZipFile(folder / "all.zip") as archive:
        assert f"{reference}/dossier-{reference}-1.asice" in archive.namelist()
