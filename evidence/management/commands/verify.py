"""`manage.py verify FILE… [--root CERT] [--lang fr|en]`: one JSON object a line, for any file."""

import json
import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from evidence import authorities
from evidence.time_tokens import TimestampRefused
from evidence.verify import report, roots
from evidence.verify.roots import Certificate
from evidence.verify.verdicts import Verdict

NOT_ALL_VALID = 1

_TALKATIVE = ("pyhanko", "pyhanko_certvalidator")
"""They log the names in certificates; the answer says what there is to say."""


class Command(BaseCommand):
    help = "Verify signed PDFs; exit 0 only where all of them are valid."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--root",
            action="append",
            type=Path,
            metavar="CERT",
            help="Trusted root, PEM or DER, instead of this installation's own; may be given more than once.",
        )

        parser.add_argument(
            "--lang", choices=("fr", "en"), default="fr", help="Language of the sentences for people; codes have none."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """A file that cannot be read is an answer; a root that cannot be read is an error of whoever asks."""
        for library in _TALKATIVE:
            logging.getLogger(library).setLevel(logging.CRITICAL)
        trusted = _roots(options["root"])
        at = timezone.now()
        all_valid = True
        with translation.override(options["lang"]):
            for path in options["files"]:
                found = report.examine(path, roots=trusted, at=at)
                self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))
                all_valid = all_valid and found.verdict is Verdict.VALID
        if not all_valid:
            raise SystemExit(NOT_ALL_VALID)


def _roots(given: list[Path] | None) -> list[Certificate]:
    """Those asked for; else our own, and those of whoever else stamps or signs for us."""
    try:
        if given is not None:
            return [roots.read(path) for path in given]
        own, another = Path(settings.PKI_DIR) / "root.crt", settings.CERTSIGN["roots"]
        ours = [roots.read(own)] if own.exists() else []
        return [*ours, *authorities.roots(), *(roots.read_all(Path(another)) if another else ())]
    except (roots.NoCertificate, TimestampRefused) as error:
        raise CommandError(str(error)) from error
