"""Issue 8: what messages carry is found where it may be, with SMS through Kannel and mail over SMTP.

Two signers of one envelope: one has the code by SMS, the other by mail; carriers report with the recipient's name in
what they say, as real ones do. The browser's journey over the same processes is `tests/journeys/test_delivery.py`.
"""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.canary import places
from tests.canary.test_canary import holders, holders_of_code
from tests.http_signer import HttpSigner
from tests.pdfs import sound
from tests.wired import CODE, LINK, Wired, text_of

WISH = re.compile(r"https://\S+/m/\S+")
REPORT = re.compile(r"<([0-9a-f-]{36})\.([0-9a-f]{32})@")


@dataclass(frozen=True)
class Person:
    """What one signer's walk used: `secrets` are those of links and wishes, `report` stands in a Message-ID."""

    address: str
    number: str
    code: str
    secrets: tuple[str, ...]
    report: str


@dataclass(frozen=True)
class Walked:
    """Both, and what the broker held in the middle of their walks."""

    people: tuple[Person, Person]
    messages: bytes


@pytest.fixture(scope="module")
def walked(wired: Wired, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Both paths to their end, every report taken; the worker stands still while messages wait with the broker."""
    contract = tmp_path_factory.mktemp("canary") / "contrat.pdf"
    contract.write_bytes(sound.contract(1))
    (first, said), (second, more) = (_walk(wired, contract, way) for way in ("sms", "email"))
    return Walked((first, second), said + more)


def _walk(wired: Wired, contract: Path, way: str) -> tuple[Person, bytes]:
    """One signer of an envelope of their own."""
    address, number = f"{way}{secrets.token_hex(6)}@exemple.fr", wired.telephone()
    person = f"Camille;Martin;{address};{number}"
    wired.stack.manage("create_envelope", "--to-sign", contract, "--signer", person, "--otp", way)
    letter, link = wired.letter(address, LINK)
    wired.come_back(letter, action="delivered", words=f"250 2.1.5 <{address}> delivered")
    signer = HttpSigner(wired.stack.state / "sandbox" / "tls-root.crt")
    signer.open(link[1])
    signer.read()
    with places.worker_stopped(wired.stack):
        signer.press_sign()
        messages = places.broker(wired.stack)
    code = _by_sms(wired, number) if way == "sms" else _by_mail(wired, address)
    with places.worker_stopped(wired.stack):
        signer.enter(code)
        messages += places.broker(wired.stack)
    signer.end()
    signer.wait(lambda: signer.get("dossier.pdf").status == 200)
    report = REPORT.search(str(letter["Message-ID"]))
    assert report
    wishes = [each.rsplit("/", 1)[1] for each in WISH.findall(text_of(letter))]
    assert len(wishes) == 2
    return Person(address, number, code, (link[1].rsplit("/", 1)[1], *wishes), report[2]), messages


def _by_sms(wired: Wired, number: str) -> str:
    _text, code = wired.sms(number)
    wired.arrived()
    return code


def _by_mail(wired: Wired, address: str) -> str:
    letter, code = wired.letter(address, CODE)
    wired.come_back(letter, action="delivered", words=f"250 2.1.5 <{address}> delivered")
    return code[1] + code[2]


@pytest.fixture(scope="module")
def said(wired: Wired, walked: Walked) -> dict[str, bytes]:
    """Every file of the state folder that can be read, Kannel's logs, the terminal, the messages to workers.

    Not those that are meant for people: documents, dossiers and their parts. No mailbox is among them.
    """
    kept = places.state(wired.stack)
    assert not [name for name in kept if name.startswith("mailbox/")]
    assert len([name for name in kept if name.startswith("logs/")]) >= 1
    assert b"signing.tasks" in walked.messages
    for_people = ("static/", "files/", "broker/")
    return {name: content for name, content in kept.items() if not name.startswith(for_people)} | {
        "kannel": wired.gateway.said().encode(),
        "terminal": "\n".join(wired.stack.said).encode(),
        "messages": walked.messages,
    }


def test_files_logs_and_messages_hold_no_contact_no_code_and_no_token(walked: Walked, said: dict[str, bytes]) -> None:
    for person in walked.people:
        for secret in (person.address, *person.secrets, person.report):
            assert not holders(secret, said)
        assert holders(person.number.removeprefix("+"), said) <= {"kannel"}  # a gateway notes whom it served
        assert not holders_of_code(person.code, said)


def test_tables_hold_a_contact_where_they_must_and_neither_code_nor_token(wired: Wired, walked: Walked) -> None:
    """In no row of the outbox, whatever carriers said of it: its rows outlive the erasure of a person."""
    tables = places.database(wired.stack)
    by_sms, by_mail = walked.people
    for person in walked.people:
        for secret in person.secrets:
            assert not holders(secret, tables)
        assert not holders_of_code(person.code, tables)
        assert holders(person.report, tables) == {"otp_message", "evidence_entry"}  # by it a mail is found again
    assert holders(by_sms.number, tables) == {"signing_signer", "evidence_opening", "backend_order"}
    assert holders(by_sms.address, tables) == {"signing_signer", "evidence_opening"}
    assert holders(by_mail.address, tables) == {"signing_signer", "evidence_opening", "backend_order"}
    assert holders(by_mail.number, tables) == {"signing_signer", "evidence_opening"}
