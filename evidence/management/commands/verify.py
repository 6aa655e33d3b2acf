"""`manage.py verify FILE… [--root CERT] [--lang fr|en]`: one JSON object a line, for any file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from evidence.time_tokens import TimestampRefused
from evidence.verify import anchors, loop, members, roots, succession, watched
from evidence.verify.apart import Examiner
from evidence.verify.verdicts import Verdict

NOT_ALL_VALID = 1


class Command(BaseCommand):
    help = "Verify signed PDFs and containers of dossiers; exit 0 only where all of them are valid."

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
        trusted = _roots(options["root"])
        at = timezone.now()
        all_valid = True
        with translation.override(options["lang"]), Examiner() as examiner:
            for path in options["files"]:
                examine = watched.examine if members.is_container(path) else examiner.examine
                found = examine(path, roots=trusted.people, at=at, time_roots=trusted.time)
                later = {"addenda": succession.told(found)} if isinstance(found, loop.ContainerReport) else {}
                self.stdout.write(json.dumps(found.as_json() | later, ensure_ascii=False))
                all_valid = all_valid and found.verdict is Verdict.VALID
        if not all_valid:
            raise SystemExit(NOT_ALL_VALID)


def _roots(given: list[Path] | None) -> anchors.Roots:
    """Those asked for; else what this installation trusts."""
    try:
        if given is not None:
            return anchors.Roots(tuple(map(roots.read, given)), ())
        return anchors.Roots.of(anchors.trusted())
    except (roots.NoCertificate, TimestampRefused) as error:
        raise CommandError(str(error)) from error
