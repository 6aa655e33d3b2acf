"""The two adapters of the gateway, each with what a test needs around it: a mailbox, a way to take its service away."""

import email
import email.policy
import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.timezone import now

from evidence import files, trail
from evidence.models import Trail
from signing.clients.models import Client
from signing.gateway.certsign import CertSign
from signing.gateway.contract import Contact, Document, Gateway, Holder, OrderRef, RequestRef, Subject
from signing.gateway.embedded import Embedded
from tests.evidence import pki
from tests.pdfs import sound
from tests.signing import walks
from tests.stack import Stack, free_ports

POLICY = {"tries": 2, "failures_to_lock": 3, "cooldown_seconds": 0, "sends_per_hour": 50}
NOBODY = {"connect_seconds": 2.0}


class Side(Protocol):
    """One adapter and its surroundings."""

    @property
    def mailbox(self) -> Path: ...

    def service(self) -> Gateway: ...

    def gone(self) -> Any:
        """A context in which something that a signature needs is not to be had."""
        ...


class EmbeddedSide:
    """Our service in this process."""

    def __init__(self) -> None:
        pki.hold()

    @property
    def mailbox(self) -> Path:
        return Path(settings.MAILBOX_DIR)

    def service(self) -> Gateway:
        return Embedded()

    @contextmanager
    def gone(self) -> Iterator[None]:
        keys = settings.KEYS_DIR
        settings.KEYS_DIR = keys / "absent"
        yield
        settings.KEYS_DIR = keys


class RemoteSide:
    """Our service as another one: processes of its own, spoken to over TLS with a client certificate."""

    def __init__(self, neighbour: Stack, account: Path) -> None:
        self._neighbour = neighbour
        settings.CERTSIGN = configured(neighbour, account)

    @property
    def mailbox(self) -> Path:
        return self._neighbour.state / "mailbox"

    def service(self) -> Gateway:
        return CertSign()

    @contextmanager
    def gone(self) -> Iterator[None]:
        known = settings.CERTSIGN
        settings.CERTSIGN = known | NOBODY | {"url": f"https://localhost:{free_ports(1)[0]}"}
        yield
        settings.CERTSIGN = known


def configured(neighbour: Stack, account: Path, *, port: int | None = None) -> dict[str, Any]:
    """`settings.CERTSIGN` for the service of a running Paraphe, or for what stands at `port` in its place."""
    sandbox = neighbour.state / "sandbox"
    return {
        **settings.CERTSIGN,
        "url": f"https://localhost:{port or neighbour.service_port}",
        "name": "Paraphe voisin",
        "certificate": str(account / "client.crt"),
        "key": str(account / "client.key"),
        "ca": str(sandbox / "tls-root.crt"),
        "roots": str(sandbox / "root.crt"),
        "resend_seconds": 0,
    }


def open_account(neighbour: Stack, folder: Path, code: str, **policy: int) -> Path:
    """An account of its own at a running Paraphe, with its policy of codes; gives the folder of its certificate."""
    values = "".join(f", {name}={value}" for name, value in policy.items())
    neighbour.manage("shell", "-c", f"from otp.models import Policy; Policy.objects.create(name={code!r}{values})")
    neighbour.manage("open_account", code, "Voisine SA", "--policy", code, "--out", folder)
    return folder


@dataclass(frozen=True)
class Case:
    """One path at the gateway: its order's subject, who signs, the file."""

    side: Side
    subject: Subject
    contact: Contact
    frozen: Path
    sha256: str
    otp: bool = True

    def create(self) -> OrderRef:
        holder = Holder("Camille", "Martin", "FR", "fr", "camille@exemple.fr", "+33611111142")
        return self.side.service().create_order(
            reference=self.subject.trail.reference,
            holder=holder,
            otp=self.otp,
            contact=self.contact,
            subject=self.subject,
        )

    def document(self) -> Document:
        return Document(
            id="d1",
            path=self.frozen,
            newest=self.frozen,
            sha256=self.sha256,
            size=self.frozen.stat().st_size,
            pages=2,
            stamp={"slot": 0},
        )

    def ready(self) -> tuple[OrderRef, RequestRef]:
        """An order with its document."""
        order = self.create()
        (request,) = self.side.service().add_documents(order, [self.document()])
        return order, request

    def sent(self) -> tuple[OrderRef, RequestRef, str]:
        """The same with a code that went out."""
        order, request = self.ready()
        self.side.service().send_code(order, "")
        return order, request, self.codes()[-1]

    def messages(self) -> list[str]:
        """Everything that was sent to the contact, in order."""
        return messages_to(self.side.mailbox, self.contact.address)

    def codes(self) -> list[str]:
        return [code for text in self.messages() if (code := code_in(text))]

    def kinds(self) -> list[tuple[str, str]]:
        """Kind and source of each entry."""
        return [(entry.kind, entry.members["source"]) for entry in trail.entries(self.subject.trail)]


def a_case(side: Side, *, otp: bool = True, channel: str = "email") -> Case:
    """A path of its own, its code to an address of its own."""
    client = Client.objects.filter(code="EXS").first() or walks.a_client("EXS", **POLICY)
    signer = str(uuid.uuid4())
    digits = f"{uuid.UUID(signer).int % 10**8:08d}"
    address = f"c.{signer}@exemple.fr" if channel == "email" else f"+336{digits}"
    journal: Trail = trail.open_trail(tenant=str(client.pk), reference=f"EXS-{signer[:13]}", at=now())
    content = sound.contract(2)
    sha256 = files.put_bytes(content)
    return Case(
        side=side,
        subject=Subject(journal, signer, uuid.UUID(signer).hex * 2, client.pk),
        contact=Contact("email" if channel == "email" else "sms", address),
        frozen=files.path_of(sha256),
        sha256=sha256,
        otp=otp,
    )


def messages_to(mailbox: Path, address: str) -> list[str]:
    """The texts sent to an address or a number, in order."""
    found = []
    for file in sorted(mailbox.iterdir()) if mailbox.is_dir() else []:
        if file.suffix == ".eml":
            parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = parsed.get_body(("plain",))
            if body is not None and str(parsed["To"]) == address:
                found.append(body.get_content())
        elif file.name.endswith(".sms.txt") and address in (text := file.read_text()):
            found.append(text)
    return found


def code_in(text: str) -> str:
    """The code that a message carries; empty where it carries none."""
    found = re.search(
        r"(?m)^[\s\u00a0\u202f]*(\d{3})[\s\u00a0\u202f]?(\d{3})(?:[\s\u00a0\u202f]*$| est votre code)", text
    )
    return found[1] + found[2] if found else ""


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def verified(neighbour: Stack, *paths: Path) -> list[str]:
    """The verdicts of `manage.py verify` on files."""
    said = neighbour.manage("verify", *paths, check=False).stdout
    return [json.loads(line)["verdict"] for line in said.splitlines()]
