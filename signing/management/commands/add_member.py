"""`manage.py add_member`: make somebody an administrator of a client."""

import json
import secrets
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.timezone import now

from signing.clients.models import Client, FirstPassword, Member


class Command(BaseCommand):
    help = "Make a person an administrator of a client; a new account gets a password that is changed at first login."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client", metavar="CLIENT", help="code of the client")
        parser.add_argument("login", metavar="LOGIN")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print `{"login", "client", "password"}`; the password is empty where the account was there already."""
        client = Client.objects.filter(code=options["client"]).first()
        if client is None:
            raise CommandError(f"aucun client {options['client']}")
        with transaction.atomic():
            user, new = User.objects.get_or_create(username=options["login"], defaults={"is_staff": True})
            if not (user.is_staff and user.is_active):
                raise CommandError(f"le compte {user.username} n'a pas accès à l'administration")
            password = _first_password(user) if new else ""
            Member.objects.get_or_create(user=user, client=client)
        told = {"login": user.username, "client": client.code, "password": password}
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _first_password(user: User) -> str:
    """Draw a password that its user has to change."""
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save()
    FirstPassword.objects.create(user=user, given_at=now())
    return password
