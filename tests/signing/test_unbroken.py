"""Numbers, digits and references of mails and pages stay on one line."""

import re
from email import message_from_bytes, policy
from pathlib import Path

from signing.clients.models import Client
from tests.signing import walks

PHONE = "02 40 12 34 56"
WHOLE = PHONE.replace(" ", "\u00a0")


def mails(folder: Path) -> list[tuple[str, str]]:
    """Text and HTML of each mail."""
    parsed = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(folder.glob("*.eml"))]
    bodies = [[each.get_body((kind,)) for kind in ("plain", "html")] for each in parsed]
    return [(str(plain and plain.get_content()), str(html and html.get_content())) for plain, html in bodies]


def test_a_phone_number_is_not_broken_over_two_lines_of_a_mail(walk: Path) -> None:
    """Issue 7, 4: e-mail templates in the same hand. The link, the code and the end, in text and in HTML."""
    client = walks.a_client()
    Client.objects.filter(pk=client.pk).update(contact_phone=PHONE)
    client.refresh_from_db()
    walks.signed(walks.an_envelope(walk, client=client))
    found = mails(walk / "mailbox")
    assert len(found) == 3
    for text in (each for both in found for each in both):
        assert WHOLE in text.replace("&nbsp;", "\u00a0")
        assert PHONE not in text


def test_digits_and_references_are_not_broken_over_two_lines_of_a_mail(walk: Path) -> None:
    signer = walks.signed(walks.an_envelope(walk))
    digits, reference = f"{signer.digits[:4]}\u00a0{signer.digits[4:]}", signer.envelope.reference
    told = [both for both in mails(walk / "mailbox") if "Empreinte" in both[0]]
    assert told
    for text, html in told:
        assert digits in text
        assert re.search(rf"white-space:nowrap;\">{digits[:4]}\s{digits[5:]}<", html)
        assert f'display:inline-block;">{reference}<' in html
