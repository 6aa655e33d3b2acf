"""What anybody is told who hands in a file: each kind of answer, on the files that a path hands back and on others'."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.timezone import now

from evidence.events import Language
from evidence.views.verification import LIMITS
from signing.actions import signature
from tests.evidence.verify import files
from tests.gallery import hands, stage
from tests.gallery.scene import Scene
from tests.pdfs import broken, sound
from tests.signing import walks
from tests.signing.views.browser import Browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 2_000 * LIMITS.wall_seconds  # milliseconds: a file may be examined as long as the page gives it


def verification(folder: Path, language: Language) -> Iterator[Scene]:
    """A contract and its dossier as they were handed back, changed in each way, and files of other houses or none."""
    contract, dossier = _handed_back(folder, language)
    handed_in = {
        "valid": contract,
        "altered": _altered(contract),
        "continued": contract + b"x",
        "issuer-unknown": stage.apart(files.once).content,
        "unsigned": sound.contract(),
        "unreadable": broken.renamed_png(),
        "dossier": dossier,
        "dossier-altered": _altered(dossier),
    }
    address = f"/verify/?lang={language}"
    for name, content in handed_in.items():
        yield Scene(f"verify-{name}", address, file=content, does=sent)
    yield Scene("verify-details", address, file=contract, does=unfolded)
    yield Scene("verify-nothing", address, does=hands.sent_empty)


def _handed_back(folder: Path, language: Language) -> tuple[bytes, bytes]:
    """Give the signed contract and the dossier, as the last page of a path hands them out."""
    created = stage.an_envelope(folder, language)
    signer = walks.ready(created)
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    stage.work_off()
    signature.submit_code(signer=walks.fresh(signer), code=walks.newest_code(), actor=walks.actor(), at=now())
    stage.work_off("signing.tasks.", "evidence.tasks.")
    browser = Browser()
    path = browser.open(created).removesuffix("done")
    return browser.bytes_of(f"{path}signed/1.pdf"), browser.bytes_of(f"{path}dossier.pdf")


def _altered(content: bytes) -> bytes:
    """The same with one bit of the signed part turned, inside a stream so that it still opens."""
    changed = bytearray(content)
    changed[content.index(b"stream") + 40] ^= 1
    return bytes(changed)


def sent(page: "Page") -> None:
    page.locator("form .button.main").click(timeout=PATIENCE, no_wait_after=True)
    page.locator("#fichier").wait_for(timeout=PATIENCE)
    page.wait_for_load_state("load")


def unfolded(page: "Page") -> None:
    sent(page)
    page.locator("summary").first.click()
