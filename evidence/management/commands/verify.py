"""`manage.py verify FILE… [--root CERT]`: one JSON object a line, for any file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evidence.verify import report
from evidence.verify.verdicts import Verdict

NOT_ALL_VALID = 1


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

    def handle(self, *_args: Any, **options: Any) -> None:
        """A file that cannot be read is an answer; a root that cannot be read is an error of whoever asks."""
        roots = _roots(options["root"])
        at = timezone.now()
        all_valid = True
        for path in options["files"]:
            found = report.examine(path, roots=roots, at=at)
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))
            all_valid = all_valid and found.verdict is Verdict.VALID
        if not all_valid:
            raise SystemExit(NOT_ALL_VALID)


def _roots(given: list[Path] | None) -> list[x509.Certificate]:
    own = Path(settings.PKI_DIR) / "root.crt"
    if given is None:
        return [_certificate(own)] if own.exists() else []
    return [_certificate(path) for path in given]


def _certificate(path: Path) -> x509.Certificate:
    try:
        content = path.read_bytes()
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in content else x509.load_der_x509_certificate
        return load(content)
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} is no certificate: {error}") from error
