"""`manage.py sandbox`: what a newcomer finds: a client, a contract waiting for its signature, two administrators."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from evidence.trail import Actor
from otp.models import Policy
from signing import access, sample
from signing.actions.arming import NewSigner
from signing.actions.envelopes import NewDocument, create_envelope
from signing.clients.models import Client, Member
from signing.clients.sandbox import keep_certificate
from signing.models import AccessLink, Document, Signer
from signing.states import SignerState

ADMIN, CLIENT_ADMIN = "admin", "julie.perrin"
SIGNER = NewSigner("Camille", "Martin", "camille.martin@exemple.fr", "+33612345642")


class Command(BaseCommand):
    help = (
        "Make the sandbox's client, administrator and sample envelope where they are missing; print how to reach them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="kept for scripts: the output is JSON in any case")

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print `{"link", "mailbox", "admin", "client_admin"}`, the last two with url, login and password.

        `admin` is the operator, `client_admin` administers the sample client. A second run finds what is there.
        """
        if not settings.SANDBOX:
            raise CommandError("le bac à sable n'est pas ouvert ici (SANDBOX=0)")
        client = _client()
        _certificate(client)
        told = {
            "link": _link(client),
            "mailbox": f"{settings.PUBLIC_URL}/sandbox/mailbox/",
            "admin": _account(ADMIN, "admin-password", _operator),
            "client_admin": _account(CLIENT_ADMIN, "client-admin-password", lambda user: _member(user, client)),
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _client() -> Client:
    policy, _ = Policy.objects.get_or_create(name="Standard")
    client, _ = Client.objects.get_or_create(
        code="EXS",
        defaults={
            "name": "Exemple SA",
            "contact_name": "Julie Perrin",
            "contact_phone": "02 40 00 00 00",
            "contact_email": "julie.perrin@exemple.fr",
            "policy": policy,
            "created_at": now(),
        },
    )
    return client


def _link(client: Client) -> str:
    """A link that is ready to walk: one more on the sample that waits, or on a new one."""
    waiting = Signer.objects.filter(
        envelope__client=client, state=SignerState.INVITED, email=SIGNER.email, envelope__expires_at__gt=now()
    )
    signer = waiting.order_by("pk").first()
    if signer:
        return access.link_url(access.new_link(signer=signer, means=AccessLink.Means.PRINTED, at=now()))
    folder = Path(settings.WORK_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    contract, terms = folder / "contrat-de-location.pdf", folder / "conditions-generales.pdf"
    try:
        sample.contract(contract)
        sample.conditions(terms)
        created = create_envelope(
            client=client,
            documents=[
                NewDocument(contract, "Contrat de location", contract.name, Document.Role.TO_SIGN),
                NewDocument(terms, "Conditions générales d’utilisation", terms.name, Document.Role.FOR_INFORMATION),
            ],
            signers=[SIGNER],
            purpose="La location du box de stockage n° 214",
            actor=Actor(role="operator"),
            at=now(),
        )
    finally:
        contract.unlink(missing_ok=True)
        terms.unlink(missing_ok=True)
    return access.link_url(created.tokens[0])


def _certificate(client: Client) -> None:
    """What the client's machines present to the service; the password of two of the files is told in the README."""
    folder = Path(settings.SANDBOX_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    password = keep_certificate(client, folder, at=now())
    if password:
        _tell(
            f"Service : https://localhost:{settings.SERVICE_PORT}/, client.crt (certificat et clé) sans mot de passe ; "
            f"client.p12 et client.pem, mot de passe {password}"
        )


def _tell(line: str) -> None:
    """Add a line to the README of the sandbox, which holds passwords from then on."""
    readme = Path(settings.SANDBOX_DIR) / "README"
    with readme.open("a") as file:
        file.write(f"\n{line}\n")
    readme.chmod(0o600)


def _account(login: str, file: str, make: Callable[[User], None]) -> dict[str, str]:
    """An account of the administration: its password is drawn on the first run, then found in the sandbox folder."""
    url = f"{settings.PUBLIC_URL}/admin/"
    place = Path(settings.SANDBOX_DIR) / file
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if place.is_file() and User.objects.filter(username=login).exists():
        return {"url": url, "login": login, "password": place.read_text().strip()}
    password = secrets.token_urlsafe(12)
    user, _ = User.objects.get_or_create(username=login)
    user.is_staff = True
    user.set_password(password)
    make(user)
    place.write_text(password + "\n")
    place.chmod(0o600)
    _tell(f"Administration : {url}, identifiant {login}, mot de passe {password}")
    return {"url": url, "login": login, "password": password}


def _operator(user: User) -> None:
    """Who sees everything, and makes clients and their people."""
    user.is_superuser = True
    user.save()


def _member(user: User, client: Client) -> None:
    """Who sees the sample client's envelopes and sends new ones."""
    user.first_name, user.last_name = "Julie", "Perrin"
    user.save()
    Member.objects.get_or_create(user=user, client=client)
