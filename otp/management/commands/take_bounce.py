"""`manage.py take_bounce < message`: what came back to the sender's mailbox, one message on standard input.

For a mail server's alias (`bounces: "|… manage.py take_bounce"`).
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.timezone import now

from otp import bounces, reports


class Command(BaseCommand):
    help = "Lit un avis de non-remise (RFC 3464) sur l’entrée standard et l’inscrit."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Raises CommandError for what is no notification about a message of this installation."""
        try:
            bounce = bounces.read(sys.stdin.buffer.read(bounces.LONGEST))
        except bounces.NoBounce as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            taken = reports.take(bounce.message, bounce.report, answer=bounce.answer, at=now())
        self.stdout.write("inscrit" if taken else "rien de nouveau")
