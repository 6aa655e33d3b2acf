"""`manage.py resume_path`: put a path that was stopped back to work, once its cause is mended."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from evidence.trail import Actor
from signing.actions.operation import NotStopped, resume_path
from signing.models import Signer


class Command(BaseCommand):
    help = "Resume a quarantined path of an open envelope; the worker takes it up at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference")
        parser.add_argument("--signer", type=int, default=1, metavar="N", help="number of the signer, 1 is the first")

    def handle(self, *_args: Any, **options: Any) -> None:
        signer = Signer.objects.filter(envelope__reference=options["reference"], n=options["signer"]).first()
        if signer is None:
            raise CommandError(f"aucun signataire {options['signer']} dans {options['reference']}")
        try:
            resume_path(signer=signer, actor=Actor(role="operator"), at=now())
        except NotStopped as error:
            raise CommandError("ce parcours n'est pas arrêté, ou son enveloppe est close") from error
        self.stdout.write(f"{options['reference']} : parcours {options['signer']} repris")
