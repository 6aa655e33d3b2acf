"""Somebody who has received a signed PDF verifies it: by keyboard, without script, on a phone, in both schemes."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser import NARROW, WIDE
from tests.evidence.verify import files
from tests.evidence.verify.files import flipped
from tests.http_signer import HttpSigner
from tests.pdfs import sound
from tests.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
Scheme = Literal["light", "dark"]
FROM_SKIP_LINK_TO_FILE = 2


@pytest.fixture
def handed(tmp_path: Path) -> dict[str, Path]:
    """A file signed elsewhere, the same altered, and one that nobody signed."""
    with ThreadPoolExecutor(1) as apart:  # Playwright's loop lives in this thread; signing has one of its own
        intact = apart.submit(lambda: files.twice().content).result()
    contents = {"intact": intact, "altered": flipped(intact, 900), "unsigned": sound.contract(1)}
    made = {name: tmp_path / f"{name}.pdf" for name in contents}
    for name, path in made.items():
        path.write_bytes(contents[name])
    return made


@pytest.mark.parametrize(("size", "scheme"), [(NARROW, "light"), (WIDE, "dark"), (NARROW, "dark"), (WIDE, "light")])
def test_a_file_is_verified_without_script_on_every_screen(
    stack: Stack, browser: "Browser", handed: dict[str, Path], size: tuple[int, int], scheme: Scheme, tmp_path: Path
) -> None:
    """Issue, part 5: altered and unknown are told apart; nothing sticks out at either width."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    titles = {
        "intact": "Ce document est intact ; qui a émis sa signature n’est pas connu ici.",
        "altered": "Ce fichier a été altéré depuis sa signature.",
        "unsigned": "Ce PDF ne porte aucune signature.",
    }
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="fr-FR", color_scheme=scheme, java_script_enabled=False
    )
    page = context.new_page()
    for name, title in titles.items():
        page.goto(f"{stack.url}/verify/")
        page.get_by_label("Fichier PDF").set_input_files(handed[name])
        page.get_by_role("button", name="Vérifier").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title.replace(" ;", "\u00a0;"))
        for fold in page.locator("summary").all():
            fold.click()
        page.screenshot(path=tmp_path / f"{name}-{size[0]}-{scheme}.png", full_page=True)
        beyond = page.locator("main *").evaluate_all(
            "all => Math.max(...all.map(e => e.getBoundingClientRect().right))"
        )
        assert beyond <= size[0]
    context.close()


def test_what_was_signed_here_and_its_dossier_are_valid(stack: Stack, page: "Page", tmp_path: Path) -> None:
    """From the link to the page that verifies: the signed contract, and the sealed dossier of its proof."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    contract = tmp_path / "contrat.pdf"
    contract.write_bytes(sound.contract(1))
    told = json.loads(
        stack.manage(
            "create_envelope", "--to-sign", contract, "--signer", "Camille;Martin;camille.m@exemple.fr;"
        ).stdout
    )
    HttpSigner(stack.state / "sandbox" / "tls-root.crt").sign(told["signers"][0]["link"], stack.state / "mailbox")
    out = tmp_path / "out"
    HttpSigner.wait(
        lambda: stack.manage("export_dossier", told["reference"], "--out", out, check=False).returncode == 0
    )
    made = [*out.glob("signed/*.pdf"), *out.glob("signer-1/dossier.pdf")]
    assert len(made) == len({"contract", "dossier"})
    stack.manage("verify", *made)
    for path in made:
        page.goto(f"{stack.url}/verify/")
        page.get_by_label("Fichier PDF").set_input_files(path)
        page.get_by_role("button", name="Vérifier").click()
        title = page.get_by_role("heading", level=1)
        expect(title).to_have_text("Ce document est signé, et rien n’y a changé depuis.")
        expect(page.get_by_text("la racine de ce service").first).to_be_visible()


def test_the_keyboard_is_enough(stack: Stack, page: "Page", handed: dict[str, Path]) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    page.on("filechooser", lambda _: None)  # from the start: the browser is told late otherwise, on a busy machine
    page.goto(f"{stack.url}/")
    page.get_by_role("link", name="Vérifiez qui l’a signé").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifier un PDF signé.")
    for _ in range(FROM_SKIP_LINK_TO_FILE):
        page.keyboard.press("Tab")
    expect(page.get_by_label("Fichier PDF")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(handed["intact"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name="1. Camille Martin")).to_be_visible()
    details = page.locator("summary").first
    details.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("PAdES B-LTA", exact=False).first).to_be_visible()


def test_without_a_file_the_error_has_the_focus(stack: Stack, page: "Page") -> None:
    """signer-page.md 8."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    page.goto(f"{stack.url}/verify/?lang=en")
    page.get_by_role("button", name="Verify").click()
    expect(page).to_have_title("Error: Verify a signed PDF · Paraphe")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Choose the file to verify.").click()
    expect(page.get_by_label("PDF file")).to_be_focused()
