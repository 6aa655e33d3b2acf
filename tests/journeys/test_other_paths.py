"""The rest of the path in a real browser: SMS, no code, turns, tabs, shared and changed devices (issue 3, part 5)."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.http_signer import HttpSigner
from tests.journeys import signer
from tests.journeys.test_main_job import ENDS_MILLISECONDS, time_of
from tests.pdfs import sound
from tests.stack import Stack
from tests.verification import judges

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
CAMILLE, JEAN = "Camille;Martin;camille@exemple.fr;06 12 34 56 42", "Jean;Dupont;jean@exemple.fr;+33612345678"
ONE_READ = re.compile("^1 pages lues sur 1$")


def create(stack: Stack, folder: Path, *arguments: str, people: tuple[str, ...] = (CAMILLE,), files: int = 1) -> Any:
    """Contracts of one page each, to be signed."""
    given = [folder / f"Avenant {n}.pdf" for n in range(1, files + 1)]
    for n, file in enumerate(given, start=1):
        file.write_bytes(sound.contract(1) + b"\n" * n)
    signers = [argument for person in people for argument in ("--signer", person)]
    told = stack.manage("create_envelope", "--to-sign", *given, *signers, *arguments)
    return json.loads(told.stdout)


def read_and_sign(page: "Page", link: str) -> None:
    signer.open_documents(page, link)
    signer.read_by_scrolling(page)
    signer.agree(page)
    signer.press_sign(page)


def signed(page: "Page") -> None:
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("C’est signé"), timeout=ENDS_MILLISECONDS)


def judged(stack: Stack, folder: Path, told: Any, *, signers: int) -> None:
    """Every signature of every signed file is valid for pdfsig, openssl and qpdf."""
    root = stack.state / "sandbox" / "root.crt"
    stack.export(told["reference"], folder)
    files = sorted((folder / "signed").glob("*.pdf"))
    assert len(files) == len(told["documents"])
    for file in files:
        parts = judges.cut(file)[::2]
        assert len(parts) == signers
        for part in parts:
            at = time_of(judges.token_in(part.message)[1])
            judges.openssl_cms(part, root=root, at=at)
        seen = judges.pdfsig(file, root=root, at=at)[::2]
        assert [each.validation for each in seen] == ["Signature is Valid."] * signers
        judges.qpdf_check(file)


def test_a_code_by_sms(stack: Stack, page: "Page", tmp_path: Path) -> None:
    """The page says which number, the SMS says what it signs; the dossier calls the channel independent."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    told = create(stack, tmp_path, "--otp", "sms")
    read_and_sign(page, told["signers"][0]["link"])
    expect(page.get_by_role("heading", name="Saisissez le code reçu par SMS.")).to_be_visible()
    expect(page.get_by_text("•• •• •• •• 42").first).to_be_visible()
    text = signer.newest_sms(stack.state / "mailbox", told["reference"])
    assert text.startswith("+33612345642\n")
    signer.enter(page, text.strip()[-6:])
    signed(page)
    stack.export(told["reference"], tmp_path / "out")
    dossier = (tmp_path / "out" / "signer-1" / "dossier.xml").read_text()
    assert re.search(r'<Authentication channel="sms" independent="true" verified="true"', dossier)
    page.goto(f"{stack.url}/sandbox/mailbox/")
    expect(page.get_by_text("+33612345642").first).to_be_visible()


def test_no_code(stack: Stack, page: "Page", tmp_path: Path) -> None:
    """The click signs, and the dossier says that no code was asked for."""
    told = create(stack, tmp_path, "--no-otp")
    read_and_sign(page, told["signers"][0]["link"])
    signed(page)
    stack.export(told["reference"], tmp_path / "out")
    dossier = (tmp_path / "out" / "signer-1" / "dossier.xml").read_text()
    assert re.search(r'<Authentication channel="none" independent="false" verified="false"', dossier)
    assert '<Limit name="no_code"' in dossier
    assert not signer.newest_sms(stack.state / "mailbox", told["reference"])


def test_one_after_the_other(stack: Stack, browser: "Browser", page: "Page", tmp_path: Path) -> None:
    """The second waits, gets a mail, reads who has signed before, and signs over it."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    told = create(stack, tmp_path, "--no-otp", "--in-turn", people=(CAMILLE, JEAN))
    first, second = (each["link"] for each in told["signers"])
    page.goto(second)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("pas encore votre tour"))
    assert page.get_by_role("button", name="Accéder aux documents").count() == 0
    read_and_sign(page, first)
    signed(page)
    with browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 844}) as phone:
        other = phone.new_page()
        signer.open_documents(other, signer.link_in_mail(stack.state / "mailbox", "Jean Dupont", told["reference"]))
        expect(other.get_by_text(re.compile("Déjà signé par Camille Martin")).first).to_be_visible()
        signer.read_by_scrolling(other)
        signer.agree(other)
        signer.press_sign(other)
        signed(other)
    judged(stack, tmp_path / "out", told, signers=2)


def test_two_at_once(stack: Stack, tmp_path: Path) -> None:
    """Both press SIGNER at the same moment; real web and worker; two documents, every signature valid."""
    told = create(stack, tmp_path, "--no-otp", people=(CAMILLE, JEAN), files=2)
    root = stack.state / "sandbox" / "tls-root.crt"
    people = [HttpSigner(root) for _ in told["signers"]]
    for person, given in zip(people, told["signers"], strict=True):
        person.open(given["link"])
        person.read()
    with ThreadPoolExecutor(len(people)) as pool:
        assert [answer.status for answer in pool.map(HttpSigner.press_sign, people)] == [200, 200]
        assert all(end.endswith("/done") for end in pool.map(HttpSigner.end, people))
    judged(stack, tmp_path / "out", told, signers=2)


def test_two_envelopes_in_two_tabs(stack: Stack, context: "BrowserContext", page: "Page", tmp_path: Path) -> None:
    """Each tab keeps its own path: what is read or refused in one does not show in the other."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    one, two = create(stack, tmp_path), create(stack, tmp_path)
    other = context.new_page()
    signer.open_documents(page, one["signers"][0]["link"])
    signer.open_documents(other, two["signers"][0]["link"])
    page.bring_to_front()
    signer.read_by_scrolling(page)
    other.reload()
    expect(other.get_by_text(re.compile(rf"^0 pages lues sur{signer.SPACE}1")).first).to_be_visible()
    other.bring_to_front()
    signer.refuse(other, "Ce n’est pas le bon avenant.")
    expect(other).to_have_url(re.compile("/refused$"))
    page.reload()
    expect(page.get_by_role("status").filter(has_text=ONE_READ).first).to_be_visible()
    expect(page.get_by_text(one["reference"]).first).to_be_visible()
    assert two["reference"] not in page.content()


def test_two_signers_on_one_tablet(stack: Stack, page: "Page", tmp_path: Path) -> None:
    """The second one's link shows nothing of the first one, and neither does going back."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    told = create(stack, tmp_path, people=(CAMILLE, JEAN))
    signer.open_documents(page, told["signers"][0]["link"])
    signer.read_by_scrolling(page)
    path_of_first = page.url
    signer.open_documents(page, told["signers"][1]["link"])
    assert "Camille" not in page.content()
    answer = page.goto(path_of_first)
    assert answer
    assert answer.status == 403
    expect(page.get_by_role("heading", name="Votre visite est terminée.")).to_be_visible()
    page.goto(told["signers"][0]["link"])
    page.get_by_role("button", name="Accéder aux documents").click()
    expect(page.get_by_role("status").filter(has_text=ONE_READ).first).to_be_visible()


def test_another_device_and_a_lost_session(
    stack: Stack, browser: "Browser", context: "BrowserContext", page: "Page", tmp_path: Path
) -> None:
    """signer-page.md, Proof of reading: survives a second device and the end of a session; the first goes on."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    (link,) = (each["link"] for each in create(stack, tmp_path)["signers"])
    signer.open_documents(page, link)
    signer.read_by_scrolling(page)
    with browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 844}) as phone:
        other = phone.new_page()
        other.goto(link)
        other.get_by_role("button", name="Accéder aux documents").click()
        expect(other.get_by_role("status").filter(has_text=ONE_READ).first).to_be_visible()
    page.reload()
    expect(page.get_by_role("status").filter(has_text=ONE_READ).first).to_be_visible()
    context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", name="Votre visite est terminée.")).to_be_visible()
    expect(page.get_by_text("ouvrez de nouveau le lien reçu par e-mail")).to_be_visible()
    page.goto(link)
    page.get_by_role("button", name="Accéder aux documents").click()
    expect(page.get_by_role("status").filter(has_text=ONE_READ).first).to_be_visible()
