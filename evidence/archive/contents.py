"""What is in the package of a dossier: the container that proves itself, and its parts one by one, cross-referenced."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from evidence import disk, files
from evidence.archive import segments
from evidence.archive.models import Deposit, Elimination
from evidence.archive.package import Item, Package
from evidence.dossier import attested, rollup, xml
from evidence.dossier.commands import presented_file, signed_file
from evidence.dossier.container import container
from evidence.dossier.facts import DossierFacts
from evidence.models import Addendum, Dossier, Opening, RollUp


@contextmanager
def package(row: Deposit) -> Iterator[Package]:
    """The package of a row, its files readable while this lasts. Raises `files.Missing`."""
    if row.kind == "log":
        yield segments.package(row)
        return
    if row.kind == "addendum":
        yield _addendum(row)
        return
    if row.kind == "elimination":
        yield _elimination(row)
        return
    if row.kind == "roll_up":
        yield _roll_up(row)
        return
    dossier = Dossier.objects.select_related("trail").get(pk=row.subject)
    told = xml.read(files.read(dossier.xml_sha256))
    work = disk.folder(Path(settings.WORK_DIR), mode=0o700)
    with tempfile.TemporaryDirectory(dir=work, prefix="deposit-") as folder:
        items = tuple(_items(dossier, told, Path(folder)))
        yield Package(str(row.pk), row.section, "dossier", metadata(dossier, told), items)


def _addendum(row: Deposit) -> Package:
    """What a sealed addendum adds to its dossier's container, and the files that go with it."""
    added = Addendum.objects.select_related("dossier__trail").get(pk=row.subject)
    dossier = added.dossier
    items = [_kept(f"addendum-{added.n:03d}.zip", "addendum", added.sealing_sha256)]
    items += [_kept(f"addendum-{added.n:03d}-{each['name']}", "addendum", each["sha256"]) for each in added.files]
    client = xml.read(files.read(dossier.xml_sha256)).parties.client
    told = {
        "reference": dossier.trail.reference,
        "client_code": client.code,
        "dossier": {"id": str(dossier.pk), "xml_sha256": dossier.xml_sha256, "pdf_sha256": dossier.pdf_sha256},
        "n": added.n,
    }
    return Package(str(row.pk), row.section, "addendum", told, tuple(items))


def _roll_up(row: Deposit) -> Package:
    """The roll-up of an envelope, and which dossiers it is about: their packages are found by these digests."""
    made = RollUp.objects.select_related("trail").get(pk=row.subject)
    rows = Dossier.objects.filter(trail=made.trail)
    first = xml.read(files.read(rows[0].xml_sha256))
    told = {
        "reference": made.trail.reference,
        "external_reference": first.transaction.external_reference,
        "client_code": first.parties.client.code,
        "dossiers": [
            {"id": str(each.pk), "xml_sha256": each.xml_sha256, "pdf_sha256": each.pdf_sha256}
            for each in sorted(rows, key=lambda each: each.xml_sha256)
        ],
    }
    found = {name: value for name, value in told.items() if value is not None}
    return Package(str(row.pk), row.section, "roll_up", found, (_kept(rollup.SHEET, "roll_up", made.pdf_sha256),))


def _elimination(row: Deposit) -> Package:
    """A certificate of elimination, in the operator's section."""
    end = Elimination.objects.select_related("trail").get(pk=row.subject)
    items = (
        _kept("elimination.json", "certificate", end.certificate_sha256),
        _kept("elimination.p7s", "certificate", end.seal_sha256),
        _kept("elimination.pdf", "certificate", end.pdf_sha256),
    )
    told = {"reference": end.trail.reference, "client_section": f"client-{end.trail.tenant}".lower(), "rule": end.rule}
    return Package(str(row.pk), row.section, "elimination", told, items)


def metadata(dossier: Dossier, told: DossierFacts) -> dict[str, Any]:
    """By what a package is found, and which dossier and digests it holds. Names stand in it, and go with it."""
    transaction, signer = told.transaction, told.signer
    found = {
        "reference": transaction.reference,
        "external_reference": transaction.external_reference,
        "client_code": told.parties.client.code,
        "client_name": told.parties.client.name,
        "operator": told.parties.operator.name,
        "signer": " ".join(each for each in (signer.first_name.text, signer.last_name.text) if each),
        "signer_n": signer.n,
        "outcome": told.summary.outcome,
        "binding": told.summary.binding,
        "digits": told.summary.digits,
        "created_at": transaction.created_at,
        "ended_at": told.summary.ended_at,
        "sealed_at": told.generated_at,
        "dossier": {"id": told.id, "xml_sha256": dossier.xml_sha256, "pdf_sha256": dossier.pdf_sha256},
        "documents": [_document(each) for each in told.documents.document],
        "keywords": _keywords(dossier),
    }
    return {name: value for name, value in found.items() if value is not None}


def _keywords(dossier: Dossier) -> list[str] | None:
    """The search words that the client gave with its documents."""
    rows = Opening.objects.filter(entry__trail=dossier.trail, entry__kind="document.added", field="keywords")
    found = {word for value in rows.values_list("value", flat=True) for word in json.loads(value)}
    return sorted(found) or None


def _document(each: Any) -> dict[str, Any]:
    told = {"id": each.id, "title": each.title.text, "presented_sha256": each.sha256}
    return told | ({"signed_sha256": each.signed.sha256} if each.signed else {})


def _items(dossier: Dossier, told: DossierFacts, folder: Path) -> Iterator[Item]:
    if dossier.sealing_sha256:
        whole = folder / f"dossier-{told.transaction.reference}-{told.signer.n}.asice"
        with whole.open("wb") as out:
            container.write(dossier.sealing_sha256, out)
        yield Item.of(whole.name, "container", whole)
    yield _kept("dossier.pdf", "dossier_pdf", dossier.pdf_sha256)
    yield _kept("dossier.xml", "dossier_xml", dossier.xml_sha256)
    if dossier.attestation_sha256:
        yield _kept(attested.SHEET, "attestation", dossier.attestation_sha256)
    for each in told.documents.document:
        if each.signed:
            yield _kept(signed_file(each), "signed", each.signed.sha256)
        else:
            yield _kept(presented_file(each), "presented", each.sha256)


def _kept(name: str, role: str, sha256: str) -> Item:
    path = files.path_of(sha256)
    return Item(name, role, sha256, path.stat().st_size, path)  # type: ignore[arg-type]  # roles are spelled above
