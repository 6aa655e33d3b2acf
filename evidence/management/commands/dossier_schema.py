"""`manage.py dossier_schema`: print the schema of dossier.xml as the dataclasses describe it."""

from typing import Any

from django.core.management.base import BaseCommand

from evidence.dossier import xsd


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Écrit le schéma XSD de dossier.xml, tel que le décrivent les classes."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(xsd.document().decode(), ending="")
