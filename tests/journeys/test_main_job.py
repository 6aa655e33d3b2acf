"""The main job: from a PDF to a signed PDF and its dossier, in a real browser, then before outside judges."""

import hashlib
import json
import re
import secrets
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import cms

from tests.journeys import signer
from tests.pdfs import sound
from tests.stack import Stack
from tests.verification import judges

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
CAMILLE = "Camille;Martin;camille@exemple.fr;+33612345642"
SCHEMA = Path(__file__).resolve().parents[2] / "evidence" / "dossier" / "schema" / "dossier-1.0.xsd"
ENDS_MILLISECONDS = 40_000


def create(stack: Stack, folder: Path, *, person: str = CAMILLE) -> dict[str, Any]:
    """One contract to sign and one page for information, by the command."""
    contract, terms = folder / "Contrat de prestation.pdf", folder / "Conditions générales.pdf"
    contract.write_bytes(sound.contract(2))
    terms.write_bytes(sound.terms())
    # An address of its own: messages to one contact are counted by the day, and the house is shared.
    person = person.replace("camille@", f"camille.{secrets.token_hex(4)}@")
    told = stack.manage("create_envelope", "--to-sign", contract, "--for-information", terms, "--signer", person)
    return dict(json.loads(told.stdout))


def time_of(token: bytes) -> datetime:
    statement = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
    moment: datetime = statement["gen_time"].native
    return moment


@pytest.mark.parametrize("width", [1280, 390])
def test_a_contract_is_read_agreed_to_and_signed(stack: Stack, page: "Page", tmp_path: Path, width: int) -> None:
    """Issue, How it is shown: read by scrolling, consent, code from the mailbox, signed, dossier exported, judged."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    page.set_viewport_size({"width": width, "height": 844})
    told = create(stack, tmp_path)
    signer.open_documents(page, told["signers"][0]["link"])
    signer.read_by_scrolling(page)
    signer.agree(page)
    before = signer.newest_code(stack.state / "mailbox")
    signer.press_sign(page)
    expect(page.get_by_label(re.compile("^Code"))).to_be_visible()
    expect(page.get_by_text("c•••••@exemple.fr").first).to_be_visible()
    code = signer.newest_code(stack.state / "mailbox", besides=before)
    signer.enter(page, f"{(int(code) + 1) % 1_000_000:06d}")
    expect(page.get_by_text("Ce code n’est pas le bon.").first).to_be_visible()
    signer.enter(page, code)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("C’est signé"), timeout=ENDS_MILLISECONDS)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Télécharger")).first.click()
    taken = tmp_path / "taken.pdf"
    download.value.save_as(taken)

    out = tmp_path / "out"
    stack.export(told["reference"], out)
    judged(stack, out, told, taken)


def judged(stack: Stack, out: Path, told: dict[str, Any], taken: Path) -> None:
    """Put what was exported before judges that share no code with us."""
    root, chain = stack.state / "sandbox" / "root.crt", stack.state / "pki" / "issuing.crt"
    (signed,) = sorted((out / "signed").glob("*.pdf"))
    presented = sorted((out / "presented").glob("*.pdf"))
    assert taken.read_bytes() == signed.read_bytes()
    assert [hashlib.sha256(file.read_bytes()).hexdigest() for file in presented] == [
        each["sha256"] for each in told["documents"]
    ]
    size = presented[0].stat().st_size
    assert hashlib.sha256(signed.read_bytes()[:size]).hexdigest() == told["documents"][0]["sha256"]
    for file in (signed, out / "signer-1" / "dossier.pdf"):
        signature, archive = judges.cut(file)
        value, token = judges.token_in(signature.message)
        at = time_of(token)
        assert "CAdES Verification successful" in judges.openssl_cms(signature, root=root, at=at)
        assert "Verification: OK" in judges.openssl_ts(token, value, root=root, chain=chain, at=at)
        assert "Verification: OK" in judges.openssl_ts(archive.message, archive.covered, root=root, chain=chain, at=at)
        seen = judges.pdfsig(file, root=root, at=at)[0]
        assert (seen.validation, seen.trust) == ("Signature is Valid.", "Certificate is Trusted.")
        judges.qpdf_check(file)
    dossier = out / "signer-1" / "dossier.xml"
    judges.xmlsec1_verify(dossier, root=root, at=at)
    judges.xmllint_schema(dossier, SCHEMA)
    assert told["documents"][0]["sha256"] in dossier.read_text()
    verified = stack.manage("verify", signed)
    assert json.loads(verified.stdout)["verdict"] == "valid"
    assert json.loads(stack.manage("verify_journal").stdout)["valid"] is True


def test_an_envelope_is_refused_and_told_in_its_dossier(stack: Stack, page: "Page", tmp_path: Path) -> None:
    """Issue, How it is shown: a second envelope is refused; both dossiers exported."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    told = create(stack, tmp_path)
    signer.open_documents(page, told["signers"][0]["link"])
    signer.refuse(page, "Le loyer n’est pas celui dont nous étions convenus.")
    expect(page).to_have_url(re.compile("/refused$"))
    out = tmp_path / "out"
    stack.export(told["reference"], out)
    assert not (out / "signed").exists()
    dossier = (out / "signer-1" / "dossier.xml").read_text()
    assert "REFUSED" in dossier
    assert "Le loyer n’est pas celui" in dossier
    page.goto(told["signers"][0]["link"])
    page.get_by_role("button", name="Accéder aux documents").click()
    expect(page).to_have_url(re.compile("/refused$"))


def test_an_unknown_link_says_so(stack: Stack, page: "Page") -> None:
    answer = page.goto(f"{stack.url}/a/{'x' * 43}")
    assert answer
    assert answer.status == 404
    assert page.get_by_role("heading", level=1).inner_text().startswith("Ce lien n’est plus valable")


def test_a_name_with_a_script_runs_nothing(stack: Stack, page: "Page", tmp_path: Path) -> None:
    told = create(stack, tmp_path, person="<script>document.title='owned'</script>;Martin;a@exemple.fr;")
    signer.open_documents(page, told["signers"][0]["link"])
    assert "owned" not in page.title()


def test_a_single_page_keeps_the_name_that_scripts_look_for(stack: Stack, page: "Page", tmp_path: Path) -> None:
    """Issue, Interfaces: "N pages lues sur M", at one page too; people see the singular."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    contract = tmp_path / "Avenant.pdf"
    contract.write_bytes(sound.contract(1))
    told = json.loads(stack.manage("create_envelope", "--to-sign", contract, "--signer", CAMILLE).stdout)
    signer.open_documents(page, told["signers"][0]["link"])
    signer.read_by_scrolling(page)
    expect(page.get_by_role("status").filter(has_text=re.compile("^1 pages lues sur 1$")).first).to_be_visible()
    page.reload()
    expect(page.get_by_role("status").filter(has_text=re.compile("^1 pages lues sur 1$")).first).to_be_visible()
