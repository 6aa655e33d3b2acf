"""The files that entries name: each must be kept, with the bytes of its name, for as long as the trail is."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from evidence import files, trail
from evidence.chain import Broken
from evidence.dossier.container import container
from evidence.models import Addendum, Trail

Data = Mapping[str, Any]
NAMED: Mapping[str, Callable[[Data], list[str]]] = {
    "document.frozen": lambda data: [data["sha256"]],
    "extrinsic.added": lambda data: [data["sha256"]] if data["type"] == "proof_folder" else [],
    "path.armed": lambda data: [name for consent in data["consents"] for name in _texts(consent)],
    "certificate.issued": lambda data: [data["issuer_sha256"], data["root_sha256"]],
    "timestamp.obtained": lambda data: [data["token_sha256"]],
    "revocation.collected": lambda data: [data["sha256"]],
    "signature.made": lambda data: [data["sha256"]],
    "archive.receipt": lambda data: [data[name] for name in ("sha256", "seal_sha256") if name in data],
    "dossier.sealed": lambda data: [data["xml_sha256"], data["pdf_sha256"], *_container(data), *_sheet(data)],
    "rollup.sealed": lambda data: [data["pdf_sha256"]],
}


def check(row: Trail, *, known: set[str]) -> None:
    """Read every file that a trail names. Raises `Broken` at the entry whose file is missing or has other bytes.

    `known` holds digests of files that were found good, of this trail and others (CA certificates are named by all);
    it grows. Files that an elimination released are not asked for.
    """
    entries = list(trail.entries(row))
    released = {sha256 for entry in entries for sha256 in entry.data.get("released", ())}
    for entry in entries:
        named = NAMED.get(entry.kind)
        try:
            gone = entry.data.get("sealing_sha256") in released
            wanted = named(entry.data) if named and not gone else []
        except files.Missing as error:
            raise Broken(entry.seq, f"a container cannot be put together: {error}") from error
        _check(entry.seq, wanted, known, released)
    if any(entry.kind == "dossier.sealed" for entry in entries):
        _check_addenda(row, known, released)


def _check_addenda(row: Trail, known: set[str], released: set[str]) -> None:
    """What the sealed addenda of a trail's dossiers are made of, each by its own entry."""
    rows = Addendum.objects.filter(dossier__trail=row, sealed_at__isnull=False).select_related("entry")
    for each in rows.exclude(sealing_sha256__in=released).order_by("entry__seq"):
        try:
            wanted = container.held_by_addendum(each.sealing_sha256, each.n)
        except files.Missing as error:
            raise Broken(each.entry.seq, f"an addendum cannot be put together: {error}") from error
        _check(each.entry.seq, wanted, known, released)


def _check(seq: int, wanted: Iterable[str], known: set[str], released: set[str]) -> None:
    for sha256 in wanted:
        if sha256 not in known | released:
            _check_file(seq, sha256)
            known.add(sha256)


def _texts(consent: Data) -> list[str]:
    """The wording of a statement, and the terms that it names."""
    return [consent["sha256"], *([consent["terms"]["sha256"]] if "terms" in consent else [])]


def _container(data: Data) -> list[str]:
    """What a dossier's container is put together from; dossiers of before there were any have none."""
    return container.held(data["sealing_sha256"]) if "sealing_sha256" in data else []


def _sheet(data: Data) -> list[str]:
    """The attestation; dossiers of before there were any have none."""
    return [data["attestation_sha256"]] if "attestation_sha256" in data else []


def _check_file(seq: int, sha256: str) -> None:
    try:
        sound = files.intact(sha256)
    except files.Missing as error:
        raise Broken(seq, f"the file {sha256} is not kept") from error
    if not sound:
        raise Broken(seq, f"the file kept as {sha256} has other bytes")
