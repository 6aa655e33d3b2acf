"""In a real browser, SMS through Kannel and mail over SMTP, up to the delivery reports in the dossier (issue 8)."""

import json
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from tests.journeys import signer
from tests.journeys.test_main_job import ENDS_MILLISECONDS
from tests.pdfs import sound
from tests.stack import Stack
from tests.wired import LINK, Wired, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stack(wired: Wired) -> Stack:
    """Whose certificate the browser trusts."""
    return wired.stack


def test_from_the_letter_to_the_reports_in_the_dossier(wired: Wired, page: "Page", tmp_path: Path) -> None:
    """The link is opened from the mail that the server took, the code read on the telephone, the signed PDF mailed."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    address, number = f"camille.{secrets.token_hex(4)}@exemple.fr", wired.telephone()
    contract = tmp_path / "Avenant.pdf"
    contract.write_bytes(sound.contract(1))
    person = f"Camille;Martin;{address};{number}"
    created = wired.stack.manage("create_envelope", "--to-sign", contract, "--signer", person, "--otp", "sms")
    reference = json.loads(created.stdout)["reference"]
    letter, link = wired.letter(address, LINK)
    wired.come_back(letter, action="delivered", words=f"250 2.0.0 <{address}> delivered")

    signer.open_documents(page, link[1])
    signer.read_by_scrolling(page)
    signer.agree(page)
    signer.press_sign(page)
    expect(page.get_by_role("heading", name="Saisissez le code reçu par SMS.")).to_be_visible()
    text, code = wired.sms(number)
    assert reference in text
    wired.arrived()
    signer.enter(page, code)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("C’est signé"), timeout=ENDS_MILLISECONDS)

    out = tmp_path / "out"
    wired.stack.export(reference, out)
    (signed,) = (out / "signed").glob("*.pdf")
    result = until(lambda: [each for each in wired.letters(address) if list(each.iter_attachments())])
    (attached,) = result[-1].iter_attachments()
    assert attached.get_content() == signed.read_bytes()
    told(out / "signer-1" / "dossier.xml", letter["Message-ID"].strip(), address, number)


def told(dossier: Path, letter_id: str, address: str, number: str) -> None:
    """What the dossier says of both messages: who took them, under which id, and that they arrived."""
    root = etree.parse(dossier).getroot()
    text = dossier.read_text()
    space = {"d": etree.QName(root).namespace}
    (sending,) = root.findall(".//d:Authentication//d:Sending", space)
    assert sending.get("status") == "sent"
    assert sending.get("messageId")
    assert str(sending.get("deliveredAt")) >= str(sending.get("at")) > "2"
    assert number in text
    assert address in text
    assert letter_id.strip("<>") in text
    kinds = [each.get("kind") for each in root.iter("{*}Entry")]
    order = ["link.sent", "link.accepted", "code.sent", "code.delivered", "code.accepted"]
    assert [each for each in kinds if each in order] == order
