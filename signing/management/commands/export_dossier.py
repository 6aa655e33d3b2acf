"""`manage.py export_dossier`: everything a legal team takes away of one envelope, or of one order of the service."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from evidence import addenda, files
from evidence.dossier import attested, rollup, xml
from evidence.dossier.container import container
from evidence.models import Dossier, RollUp, Trail
from signing.models import Envelope, Signer
from signing.states import ENDED, SignerState

NOT_ENDED = 3
WAIT_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.2


class Command(BaseCommand):
    help = "Write the presented and signed PDFs and the dossiers of an envelope whose paths have all ended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the files and print their paths; exit 3 with a sentence where a path has not ended."""
        reference = options["reference"]
        envelope = Envelope.objects.filter(reference=reference).first()
        order = Trail.objects.filter(reference=reference).first() if envelope is None else None
        if order is not None:
            for path in _export_order(self._of_order(order), options["out"]):
                self.stdout.write(str(path))
            return
        if envelope is None:
            raise CommandError(f"aucune enveloppe {reference}")
        signers = list(envelope.signers.order_by("n"))
        open_paths = [signer for signer in signers if SignerState(signer.state) not in ENDED]
        if open_paths:
            self.stderr.write(f"{envelope.reference} : {len(open_paths)} parcours en cours, rien n'a été exporté.")
            raise SystemExit(NOT_ENDED)
        dossiers = [(signer, self._sealed(signer)) for signer in signers]
        for path in _export(envelope, dossiers, options["out"]):
            self.stdout.write(str(path))

    def _sealed(self, signer: Signer) -> Dossier:
        """The dossier of a path, waited for while it is being sealed."""
        rows = Dossier.objects.filter(trail=signer.envelope.trail, subject=str(signer.public_id))
        return self._waited(rows, f"{signer.envelope.reference} : le dossier du signataire {signer.n}")

    def _of_order(self, order: Trail) -> Dossier:
        """The dossier of an order that came over REST: its trail holds one."""
        rows = Dossier.objects.filter(trail=order)
        if not rows.exists():
            self.stderr.write(f"{order.reference} : ordre en cours, rien n'a été exporté.")
            raise SystemExit(NOT_ENDED)
        return self._waited(rows, f"{order.reference} : le dossier")

    def _waited(self, rows: QuerySet[Dossier], what: str) -> Dossier:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            row = rows.first()
            if row and row.state == Dossier.State.SEALED:
                return row
            if row is None or row.state == Dossier.State.QUARANTINED or time.monotonic() > deadline:
                self.stderr.write(f"{what} n'est pas scellé.")
                raise SystemExit(NOT_ENDED)
            time.sleep(LOOK_EVERY_SECONDS)


def _export(envelope: Envelope, dossiers: list[tuple[Signer, Dossier]], out: Path) -> list[Path]:
    written = []
    for document in envelope.documents.order_by("n"):
        name = f"{document.n:02d}-{document.file_name()}"
        written.append(_copy(document.sha256, out / "presented" / name))
        revision = document.newest()
        if revision:
            written.append(_copy(revision.sha256, out / "signed" / name))
    for signer, row in dossiers:
        folder = out / f"signer-{signer.n}"
        written += _proof(row, folder, n=signer.n)
    for made in RollUp.objects.filter(trail=envelope.trail, sealed_at__isnull=False):
        written.append(_copy(made.pdf_sha256, out / rollup.SHEET))
    return written


def _export_order(row: Dossier, out: Path) -> list[Path]:
    """The documents are those that the dossier itself names."""
    written = []
    facts = xml.read(files.read(row.xml_sha256))
    for document in facts.documents.document:
        name = f"{document.n:02d}.pdf"
        written.append(_copy(document.sha256, out / "presented" / name))
        if document.signed:
            written.append(_copy(document.signed.sha256, out / "signed" / name))
    return [*written, *_proof(row, out / "signer-1", n=1)]


def _proof(row: Dossier, folder: Path, *, n: int) -> list[Path]:
    """Dossier, attestation and container; dossiers that were sealed before there were any have not the last two."""
    written = [_copy(row.xml_sha256, folder / "dossier.xml"), _copy(row.pdf_sha256, folder / "dossier.pdf")]
    if row.attestation_sha256:
        written.append(_copy(row.attestation_sha256, folder / attested.SHEET))
    if not row.sealing_sha256:
        return written
    target = folder / f"dossier-{row.trail.reference}-{n}.asice"
    with target.open("wb") as out:
        container.write(row.sealing_sha256, out, addenda=addenda.sealings(row))
    return [*written, target]


def _copy(sha256: str, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    files.copy(sha256, target)
    return target
