"""Odd texts through whole paths: every page and mail escapes them, every file made of them is sound for outside judges.

reliability.md, Threats (injection); signer-page.md; dossier-toolchain.md, 3. One path signs, a second one refuses.
"""

import email
import email.policy
import io
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from evidence.dossier import glyphs, xml
from evidence.models import Dossier
from signing.actions import texts
from signing.actions.arming import NewSigner
from signing.actions.envelopes import Created, NewDocument, create_envelope
from signing.clients.models import Client
from signing.models import Document
from signing.states import SignerState
from tests.evidence import pki
from tests.pdfs import sound
from tests.signing import walks
from tests.signing.texts import TAKEN
from tests.signing.views.browser import Browser
from tests.verification import judges
from tests.verification.containers import verified

COMPANY = "R&D <blink>d’essais</blink> “SARL”"
EVERYTHING = ("signing.tasks.", "evidence.tasks.")

NAMES = [
    ("markup", "script", "ampersand", "emoji"),
    ("override", "long", "chinese", ""),
    ("percent-name", "arabic", "", "letter"),
    ("braces", "one-word", "hebrew-and-figures", "joined-emoji"),
    ("decomposed", "marks", "quotes", "equals"),
    ("isolates", "invisible-letter", "percent", "line-separator"),
]
"""First and last name of who signs, first and last name of who refuses; the titles are those of the first two."""


@dataclass
class Page(HTMLParser):
    """What a browser makes of markup: its text, and the attributes of its elements."""

    text: list[str] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def words(self) -> str:
        return squeezed("".join(self.text))


def parsed(markup: str) -> Page:
    page = Page()
    page.feed(markup)
    page.close()
    return page


def squeezed(text: str) -> str:
    return " ".join(text.split())


def check_markup(markup: str) -> Page:
    """No element and no attribute of a text's making; no character that turns what stands around it.

    Around one from right to left stand two of ours, and nothing of the kind within.
    """
    page = parsed(markup)
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "blink"
        assert tag != "script" or "src" in attributes or attributes.get("type") == "application/json"
    assert "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", markup)
    turning = "[\u202a-\u202e\u2066-\u2069]"
    assert not re.search(turning, re.sub("\u2068([^<>]*?)\u2069", r"\1", markup))
    return page


def envelope(folder: Path, given: tuple[str, str, str, str]) -> Created:
    """Two signers with these names, two documents with the texts of the first two as titles, the first as purpose."""
    pki.hold()
    client = walks.a_client()
    Client.objects.filter(pk=client.pk).update(name=COMPANY)
    client.refresh_from_db()
    source = folder / "source.pdf"
    source.write_bytes(sound.contract(1))
    first, second, third, fourth = (TAKEN.get(kind, "") for kind in given)
    return create_envelope(
        client=client,
        documents=[NewDocument(source, text, f"{text}.pdf", Document.Role.TO_SIGN) for text in (first, second)],
        signers=[NewSigner(first, second, "one@exemple.fr"), NewSigner(third, fourth, "two@exemple.fr")],
        purpose=first[: texts.PURPOSE_LIMIT],
        actor=walks.CLIENT,
        at=now(),
    )


def pages_of(created: Created) -> Iterator[str]:
    """Walk the first path by its pages, to its end, and let the second refuse; gives the markup of every page."""
    one, two = Browser(), Browser()
    yield one.get(f"/a/{created.tokens[0]}").content.decode()
    url = one.open(created)
    walks.ready(created)
    yield one.get(url).content.decode()
    one.post(f"{url}sign")
    walks.work()
    yield one.get(f"{url}code").content.decode()
    yield one.get(f"{url}refuse").content.decode()
    one.post(f"{url}code", {"code": walks.newest_code()})
    yield one.get(f"{url}progress").content.decode()
    walks.work(kinds=EVERYTHING)
    yield one.get(f"{url}done").content.decode()
    for address in (f"{url}presented/1.pdf?download", f"{url}signed/1.pdf", f"{url}dossier.pdf"):
        assert re.fullmatch(r'attachment; filename="[a-zA-Z0-9_-]+\.pdf"', one.get(address)["Content-Disposition"])
    yield two.get(f"/a/{created.tokens[1]}").content.decode()
    url = two.open(created, 2)
    two.post(f"{url}refuse", {"choice": "other", "reason": TAKEN["markup"] + "\n{{ 7 }}", "confirm": "on"})
    walks.work(kinds=EVERYTHING)
    yield two.get(f"{url}refused").content.decode()


@pytest.mark.parametrize("given", NAMES, ids=lambda given: "+".join(each or "none" for each in given))
def test_a_path_of_odd_texts_is_walked_to_its_end(given: tuple[str, str, str, str], walk: Path) -> None:
    """Pages, mails, signed files and dossiers of one envelope."""
    created = envelope(walk, given)
    pages = [check_markup(each) for each in pages_of(created)]
    one, two = (squeezed(each.full_name) for each in created.envelope.signers.order_by("n"))
    assert [each.state for each in created.envelope.signers.order_by("n")] == [SignerState.SIGNED, SignerState.REFUSED]
    title = created.envelope.documents.get(n=1).title
    assert one in pages[0].words
    assert title in pages[1].words
    assert two in pages[6].words
    assert all(COMPANY in page.words for page in (pages[0], pages[6]))
    check_mails(walk / "mailbox", one, two)
    first, second, third, fourth = (TAKEN.get(kind, "") for kind in given)
    check_files(exported(created, walk), (f"{first} {second}", f"{third} {fourth}"))


def check_mails(mailbox: Path, one: str, two: str) -> None:
    """Each mail in both forms says the name; its head holds the subject and nothing besides it."""
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in mailbox.glob("*.eml")]
    assert len(mails) == len(("link", "link", "code", "signed", "refused"))
    for mail in mails:
        name = one if mail["To"] == "one@exemple.fr" else two
        assert mail.get_all("To") in (["one@exemple.fr"], ["two@exemple.fr"])
        assert mail["Bcc"] is None
        assert "&amp;" not in mail["Subject"]
        assert "&lt;" not in mail["Subject"]
        assert name in check_markup(body(mail, "html")).words
        assert name in squeezed(body(mail, "plain"))


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def exported(created: Created, folder: Path) -> Path:
    out = folder / "out"
    call_command("export_dossier", created.envelope.reference, out=out, stdout=io.StringIO())
    return out


def check_files(out: Path, declared: tuple[str, str]) -> None:
    """Signed files and dossiers before outside judges and before `verify`; their names fit everywhere."""
    root, at = pki.hold() / "root.crt", now()
    written = sorted(path for path in out.rglob("*") if path.is_file())
    assert len(written) == len(("presented", "signed")) * 2 + len(("xml", "pdf", "asice", "attestation")) * 2
    for path in written:
        assert re.fullmatch(r"[a-z0-9_-]+\.(pdf|xml)|dossier-[A-Z0-9-]+\.asice", path.name)
        if path.suffix == ".asice":
            status, claims = verified(path)
            assert status == 0, claims
        if path.name == "dossier.xml":
            judges.xmllint_schema(path, xml.SCHEMA)
            judges.xmlsec1_verify(path, root=root, at=at)
    for n, name in enumerate(declared, start=1):
        check_dossier(out / f"signer-{n}" / "dossier.pdf", name)
    for path in (out / "signed").iterdir():
        (seen, _) = judges.pdfsig(path, root=root, at=at)
        assert (seen.validation, seen.trust) == ("Signature is Valid.", "Certificate is Trusted.")
    check_verdicts([path for path in written if path.suffix == ".pdf" and path.parent.name != "presented"])


def check_dossier(dossier: Path, declared: str) -> None:
    """It opens, and shows the name as it was declared, as far as it can be drawn."""
    done = subprocess.run(["pdftotext", dossier, "-"], capture_output=True, check=True, text=True, timeout=60)
    assert re.search(r"EXS-\d{4}-\d{6}", done.stdout)
    name = squeezed(glyphs.printable(declared))
    if name.isascii() and len(name) < len("a line of the dossier, no more"):
        assert name in squeezed(done.stdout)


def check_verdicts(files: list[Path]) -> None:
    out = io.StringIO()
    call_command("verify", *map(str, files), root=[pki.hold() / "root.crt"], stdout=out)
    verdicts: list[dict[str, Any]] = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [each["verdict"] for each in verdicts] == ["valid"] * len(files)


@pytest.mark.parametrize("reason", ["a\x0bb\x1b[31m", "\ufffe\uffff", "\x85\u2028", "<a&b>]]>\r\n%s"])
def test_a_reason_of_odd_characters_is_sealed_in_the_dossier(reason: str, walk: Path) -> None:
    """What a signer types goes into an XML file: characters that XML 1.0 has not are not taken into it."""
    created = envelope(walk, ("plain", "letter", "plain", "letter"))
    browser = Browser()
    url = browser.open(created)
    browser.post(f"{url}refuse", {"choice": "other", "reason": reason, "confirm": "on"})
    walks.work(kinds=EVERYTHING)
    assert walks.fresh(created.envelope.signers.get(n=1)).state == SignerState.REFUSED
    check_markup(browser.get(f"{url}refused").content.decode())
    assert Dossier.objects.get(subject=str(created.envelope.signers.get(n=1).public_id)).state == Dossier.State.SEALED
