"""What tests of “Ce n’est pas moi” and “Ne plus m’écrire” share: a signer invited by mail, and what was told."""

import email
import email.policy
import re
from pathlib import Path
from typing import Any

from django.conf import settings

from evidence import trail
from signing.actions.envelopes import Created
from signing.clients.models import Client
from signing.models import Signer
from tests.signing import walks

EVERYTHING = ("signing.tasks.", "evidence.tasks.")


ADDRESS = re.compile(r"https://[^/\s]+(/m/[0-9a-f-]{36}/(not-me|stop)/[0-9a-f]{32})")


def mails() -> list[Path]:
    return sorted(Path(settings.MAILBOX_DIR).glob("*.eml"))


def links_of(file: Path) -> dict[str, str]:
    return {wish: path for path, wish in ADDRESS.findall(walks.text_of(file))}


def invited(walk: Path, **client: str) -> tuple[Created, dict[str, str]]:
    """An envelope whose link has gone out, and the two addresses in that mail."""
    created = walks.an_envelope(walk)
    Client.objects.update(**({"contact_email": "contact@exemple.fr"} | client))
    walks.work()
    return created, links_of(mails()[0])


def signer() -> Signer:
    return walks.fresh(Signer.objects.get())


def told(kind: str) -> list[dict[str, Any]]:
    return [dict(entry.data) for entry in trail.entries(signer().envelope.trail) if entry.kind == kind]


def at_code(created: Created) -> None:
    walks.with_code(created)


def parsed(file: Path) -> Any:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
