"""Issue 3, part 9: what is secret or personal is found where it may be, and nowhere else."""

import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from tests.canary import places
from tests.http_signer import HttpSigner
from tests.pdfs import sound
from tests.stack import Stack

# ECPrivateKey (RFC 5915), which PKCS#8 holds as well: version 1, then the octets of the number on P-256 or P-384.
DER_KEY = re.compile(rb"\x30(?:.|\x81.)\x02\x01\x01\x04[\x20\x30]", re.DOTALL)
PEM_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
KEY_FOLDERS = ("keys/", "sandbox/client.")
LINK = re.compile(r"/a/([\w-]{43})")


@dataclass(frozen=True)
class Walked:
    """What a walk used, and what the broker held in the middle of it."""

    first_name: str
    last_name: str
    email: str
    mobile: str
    purpose: str
    printed_token: str
    mailed_token: str
    session: str
    code: str
    messages: bytes


@pytest.fixture(scope="module")
def walked(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """One path walked to its end, with the worker stopped while messages wait: words that occur nowhere else."""
    mark = secrets.token_hex(6)
    people = f"Prenom{mark};Nom{mark};mail{mark}@exemple.fr;+336{secrets.randbelow(10**8):08}".split(";")
    contract = tmp_path_factory.mktemp("canary") / "contrat.pdf"
    contract.write_bytes(sound.contract(1))
    created = stack.manage(
        "create_envelope", "--to-sign", contract, "--purpose", f"Objet{mark}", "--signer", ";".join(people)
    )
    link = json.loads(created.stdout)["signers"][0]["link"]
    signer = HttpSigner(stack.state / "sandbox" / "tls-root.crt")
    signer.open(link)
    signer.read()
    mailbox = stack.state / "mailbox"
    with places.worker_stopped(stack):
        signer.press_sign()
        messages = places.broker(stack)
    code = signer.code(mailbox)
    with places.worker_stopped(stack):
        signer.enter(code)
        messages += places.broker(stack)
    signer.end()
    signer.wait(lambda: signer.get("dossier.pdf").status == 200)
    first_name, last_name, address, mobile = people
    return Walked(
        first_name=first_name,
        last_name=last_name,
        email=address,
        mobile=mobile,
        purpose=f"Objet{mark}",
        printed_token=found(LINK, link),
        mailed_token=mailed_token(mailbox, people[2]),
        session=signer.cookie("__Host-path"),
        code=code,
        messages=messages,
    )


def mailed_token(mailbox: Path, address: str) -> str:
    """The token in the first mail to an address."""
    for file in sorted(mailbox.glob("*.eml")):
        words = unquote(file.read_text(errors="replace").replace("=\n", "").replace("=3D", "="))
        if address in words and (match := LINK.search(words)):
            return match[1]
    raise AssertionError("no mail with a link")


def found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    assert match
    return match[1]


def holders(secret: str, kept: dict[str, bytes]) -> set[str]:
    """Which places hold a secret: as it is, or in the forms that mail gives it."""
    forms = {secret.encode(), secret.replace("+", "=2B").encode(), secret.encode("utf-16-be")}
    return {name for name, content in kept.items() if any(form in content for form in forms)}


def holders_of_code(code: str, kept: dict[str, bytes]) -> set[str]:
    """The same for six digits, which stand by chance within digests, sizes and fractions of seconds."""
    alone = re.compile(rf"(?<![\w.:+/=-]){code[:3]}(?: |\xc2\xa0)?{code[3:]}(?![\w.:+/=-])".encode("latin-1"))
    return {name for name, content in kept.items() if alone.search(content)}


@pytest.fixture(scope="module")
def tables(stack: Stack, walked: Walked) -> dict[str, bytes]:
    return places.database(stack)


@pytest.fixture(scope="module")
def kept(stack: Stack, walked: Walked) -> dict[str, bytes]:
    return places.state(stack)


@pytest.fixture(scope="module")
def said(stack: Stack, walked: Walked, kept: dict[str, bytes]) -> dict[str, bytes]:
    """Logs, what is shown on the terminal, and the messages to workers."""
    logs = {name: content for name, content in kept.items() if name.startswith("logs/")}
    assert len(logs) >= 3
    assert b'"route"' in b"".join(logs.values())
    assert b"signing.tasks" in walked.messages
    return logs | {"terminal": "\n".join(stack.said).encode(), "messages": walked.messages}


def test_logs_and_messages_hold_nothing_of_the_person(walked: Walked, said: dict[str, bytes]) -> None:
    for name in ("first_name", "last_name", "email", "mobile", "purpose"):
        assert not holders(getattr(walked, name), said), name


def test_logs_and_messages_hold_no_token_and_no_code(walked: Walked, said: dict[str, bytes]) -> None:
    for name in ("printed_token", "mailed_token", "session"):
        assert not holders(getattr(walked, name), said), name
    assert not holders_of_code(walked.code, said)


def test_the_database_holds_no_token_and_no_code(walked: Walked, tables: dict[str, bytes]) -> None:
    for name in ("printed_token", "mailed_token", "session"):
        assert not holders(getattr(walked, name), tables), name
    assert not holders_of_code(walked.code, tables)


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("email", {"signing_signer", "evidence_opening", "backend_order"}),
        ("mobile", {"signing_signer", "evidence_opening"}),
        ("last_name", {"signing_signer", "evidence_opening", "backend_order"}),
        ("purpose", {"signing_envelope", "evidence_opening"}),
    ],
)
def test_tables_hold_a_person_where_they_must(
    walked: Walked, tables: dict[str, bytes], name: str, where: set[str]
) -> None:
    """Entries hold commitments; values lie in the openings, which can be erased, and in the rows of the path."""
    assert holders(getattr(walked, name), tables) == where


def test_files_hold_codes_and_tokens_in_the_mailbox_only(walked: Walked, kept: dict[str, bytes]) -> None:
    readable = {name: content for name, content in kept.items() if not name.startswith(("static/", "broker/"))}
    assert all(name.startswith("mailbox/") for name in holders(walked.mailed_token, readable))
    assert not holders(walked.printed_token, readable)
    assert not holders(walked.session, readable)
    mails = holders_of_code(walked.code, {name: content for name, content in readable.items() if ".pdf" not in name})
    assert mails
    assert all(name.startswith("mailbox/") for name in mails)


def test_private_keys_are_in_their_folder_only(
    stack: Stack, walked: Walked, kept: dict[str, bytes], tables: dict[str, bytes]
) -> None:
    """Long-lived keys in any form, and no one-use key at all."""
    everywhere = kept | {f"table {name}": content for name, content in tables.items()} | {"messages": walked.messages}
    elsewhere = {name: content for name, content in everywhere.items() if not name.startswith(KEY_FOLDERS)}
    assert not {name for name, content in elsewhere.items() if PEM_KEY.search(content)}
    assert not {name for name, content in elsewhere.items() if DER_KEY.search(content)}
    scalars = [scalar(path) for path in sorted((stack.state / "keys").glob("*.key"))]
    assert len(scalars) >= 5
    for key in scalars:
        forms = (key, key.hex().encode(), key.hex().upper().encode())
        assert not {name for name, content in elsewhere.items() if any(form in content for form in forms)}


def scalar(path: Path) -> bytes:
    """The secret number of a key, as octets."""
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.private_bytes_raw()
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key.private_numbers().private_value.to_bytes((key.key_size + 7) // 8, "big")
