"""The loop of a dossier's container, claim by claim: what the application's own code says of it.

Independent of the verifier inside (`evidence.dossier.container.verifier`): that one asks openssl and trusts the root
inside; this one asks cryptography and trusts the roots it is given. Both must come to the same on every container.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.utils.translation import gettext

from evidence import merkle, notes
from evidence.dossier import attested, xml
from evidence.dossier.container import container, manifest
from evidence.dossier.documents import Document
from evidence.dossier.facts import DossierFacts
from evidence.dossier.signatures import Signature
from evidence.verify import addendum, proofs, recorded, xml_seal
from evidence.verify.claims import Claim, held, need
from evidence.verify.failures import NotSound
from evidence.verify.proofs import Proofs
from evidence.verify.verdicts import Verdict

MOST_BYTES, MOST_RATIO = 2 << 30, 400
_OUTSIDE = {"mimetype", container.SIGNATURE, container.TOKEN, container.SEALED, container.STAMPED}


@dataclass(frozen=True)
class ContainerReport:
    """What is said of one container. Untrusted: everything holds, below roots that are not trusted here.

    `xml_sha256`, `addenda`: the digest of its dossier.xml, and how many addenda are in it; of an unreadable one none.
    """

    file: str
    verdict: Verdict
    claims: tuple[Claim, ...]
    xml_sha256: str = ""
    addenda: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"file": self.file, "verdict": self.verdict.value, "claims": [each.as_json() for each in self.claims]}


def is_container(path: Path) -> bool:
    """Whether a file begins as a container does; one that cannot be read does not."""
    try:
        with path.open("rb") as file:
            return file.read(38)[30:] == b"mimetype"
    except OSError:
        return False


def examine(
    path: Path,
    *,
    roots: Sequence[x509.Certificate],
    at: datetime,
    time_roots: Sequence[x509.Certificate] = (),
) -> ContainerReport:
    """Hold every claim of a container; an unreadable one is an answer. `at`: now, where nothing proves another time.

    `time_roots`: trusted besides `roots`, for time stamps only.
    """
    work = Path(settings.WORK_DIR)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="container-") as folder:
        found = _Loop(path, Path(folder), (roots, time_roots), at)
        claims = tuple(found.claims())
        of = found.of()
    failed = [each for each in claims if each.code]
    if not failed:
        return ContainerReport(str(path), Verdict.VALID, claims, *of)
    if failed[0].name == "form":
        return ContainerReport(str(path), Verdict.UNREADABLE, claims)
    trusted = any(each.code != "issuer_unknown" for each in failed)
    return ContainerReport(str(path), Verdict.INVALID if trusted else Verdict.UNTRUSTED, claims, *of)


class _Loop:
    """One container, unpacked into a folder that goes afterwards."""

    facts: DossierFacts
    entries: list[dict[str, Any]]

    def __init__(self, path: Path, folder: Path, roots: tuple[Sequence[x509.Certificate], ...], at: datetime) -> None:
        self._path, self._folder, self._roots, self._at = path, folder, roots, at
        self._members: dict[str, Path] = {}

    def claims(self) -> Iterator[Claim]:
        form = held("form", self._form)
        yield form
        if form.code:
            return
        self._proofs = Proofs.of(self._members, *self._roots)
        yield held("digests", self._digests)
        yield held("seal", self._seal)
        yield held("xml_seal", self._xml_seal)
        yield held("pdf_seal", self._pdf_seal)
        if attested.SHEET in self._members or self.facts.attestation:
            yield held("attestation", self._attestation)
        journal = held("journal", self._journal)
        yield journal
        if journal.code:
            return
        yield held("binding", self._binding)
        yield held("register", self._register)
        for document in self.facts.documents.document:
            yield held("presented", partial(self._presented, document), document.n)
        for signature in self.facts.signatures.signature:
            document = self.facts.documents.by_id(signature.document)
            yield held("signature", partial(self._signature, document, signature), document.n)
        for n, by, over in self._addenda():
            yield held("addendum", partial(self._addendum, n, by, over), n)

    def of(self) -> tuple[str, int]:
        """The digest of its dossier.xml and the number of its addenda."""
        return (self._digest("dossier.xml"), len(self._addenda())) if "dossier.xml" in self._members else ("", 0)

    def _form(self) -> None:
        with zipfile.ZipFile(self._path) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            need(names[:1] == ["mimetype"] and len(set(names)) == len(names), "layout")
            need(sum(info.file_size for info in infos) <= MOST_BYTES, "bomb")
            for n, info in enumerate(infos):
                name = info.filename
                need(name[:1] != "/" and "\\" not in name and ".." not in name.split("/"), "path")
                need(info.file_size <= MOST_RATIO * info.compress_size + (1 << 20), "bomb")
                self._members[name] = self._folder / str(n)  # never under a name of theirs
                with archive.open(info) as source, self._members[name].open("wb") as target:
                    while piece := source.read(1 << 20):
                        target.write(piece)
        need({*_OUTSIDE, "dossier.xml", "dossier.pdf", "pki/root.pem", "journal.jsonl"} <= set(names), "layout")
        need(self._read("mimetype") == container.MIMETYPE, "layout")
        self.facts = xml.read(self._read("dossier.xml"))

    def _digests(self) -> None:
        first, second = self._listed(container.SEALED), self._listed(container.STAMPED)
        need(second == first | {container.SEALED, container.SIGNATURE}, "manifest")
        known = first | _OUTSIDE
        for n, by, over in self._addenda():
            covered = self._listed(by)
            new = covered - known
            need(
                known - {"mimetype"} <= covered and all(name.startswith(f"addenda/{n:03d}") for name in new), "manifest"
            )
            known |= new | {by, over}
        need(set(self._members) <= known, "extra_file")

    def _listed(self, name: str) -> set[str]:
        """What a manifest lists, each digest held against the file."""
        found = manifest.names(self._read(name))
        for each, sha256 in found:
            need(each in self._members and self._digest(each) == sha256, "file", each)
        return {each for each, _ in found}

    def _addenda(self) -> list[tuple[int, str, str]]:
        """Number, manifest and signature of each addendum, in order."""
        named = [(n, *container.added(n)) for n in range(1, 900)]
        return [each for each in named if each[1] in self._members]

    def _addendum(self, n: int, by: str, over: str) -> None:
        """Its own seal, with the certificates and lists that it brings; then what it says (docs/container.md)."""
        own = {name: path for name, path in self._members.items() if name.startswith(f"addenda/{n:03d}.")}
        self._proofs.with_these(own).signed(self._read(over), self._read(by))
        before = self._members.get(f"addenda/{n - 1:03d}.json", self._members["dossier.xml"])
        addendum.check(
            self._read(f"addenda/{n:03d}.json"),
            n=n,
            previous=before.read_bytes(),
            reference=self.facts.transaction.reference,
            trail=self.entries[0]["trail"],
            attached=lambda name: self._read(f"addenda/{n:03d}-{name}"),
        )

    def _seal(self) -> None:
        sealed, stamped = self._read(container.SEALED), self._read(container.STAMPED)
        self._proofs.signed(self._read(container.SIGNATURE), sealed)
        self._proofs.token(self._read(container.TOKEN), stamped)

    def _xml_seal(self) -> None:
        xml_seal.check(self._read("dossier.xml"), self._proofs)

    def _pdf_seal(self) -> None:
        pdf = self._members["dossier.pdf"]
        need(self.facts.transaction.reference in self._proofs.sealed(pdf).reason, "reference", "/Reason")
        need(proofs.attached(pdf, "dossier.xml") == self._read("dossier.xml"), "embedded")

    def _attestation(self) -> None:
        """The signer's sheet: its seal, and that it says what dossier.xml does."""
        self._read(attested.SHEET)
        pdf, stated = self._members[attested.SHEET], self.facts.attestation
        need(self.facts.transaction.reference in self._proofs.sealed(pdf).reason, "reference", "/Reason")
        wanted = attested.said(self.facts, xml_sha256=self._digest("dossier.xml"), at=stated.at if stated else "")
        need(json.loads(proofs.attached(pdf, attested.NAME) or b"null") == wanted, "attestation")

    def _journal(self) -> None:
        self.entries = recorded.entries(self.facts.journal, self._read("journal.jsonl"))

    def _binding(self) -> None:
        recorded.check_binding(self.facts, self.entries)

    def _register(self) -> None:
        note, proof = self._read("log/checkpoint.txt").decode(), self._read("log/journal.tlog-proof").decode()
        need(proof.endswith(f"\n\n{note}"), "proof")
        said = notes.opened(note, notes.read(note).origin, self._proofs.log_key)
        index, hashes = notes.read_proof(proof)
        head = bytes.fromhex(self.facts.journal.head)
        need(merkle.is_included(head, index, said.size, hashes, said.root), "proof")
        self._proofs.token(self._read("log/checkpoint.tsr"), note.encode())

    def _presented(self, document: Document) -> None:
        frozen = [
            each["data"]
            for each in recorded.of(self.entries, "document.frozen")
            if each["data"]["document"] == document.id
        ]
        need([each["sha256"] for each in frozen] == [document.sha256], "journal")
        self._file(document.sha256)

    def _signature(self, document: Document, signature: Signature) -> None:
        signed, certificate = document.signed, self.facts.certificate
        if signed is None or certificate is None:
            raise NotSound("signed", gettext("Le dossier ne dit pas quel fichier est signé."))
        made = [each["data"] for each in recorded.of(self.entries, "signature.made")]
        need(any((each["document"], each["sha256"]) == (document.id, signed.sha256) for each in made), "journal")
        path = self._file(signed.sha256)
        with path.open("rb") as file:
            prefix = hashlib.sha256(file.read(signed.prefix_length)).hexdigest()
        need(prefix == document.sha256, "prefix")
        written = datetime.fromisoformat(signature.at)
        found = self._proofs.signature(path, signed.byte_range, written=written)
        need(found.value_sha256 == signature.value_sha256, "value")
        need(found.certificate_sha256 == certificate.sha256, "certificate")
        issued = [each["data"]["sha256"] for each in recorded.of(self.entries, "certificate.issued")]
        need(certificate.sha256 in issued, "journal")
        if signature.binding:
            places = self.facts.transaction.reference, signature.binding[:8]
            need("-".join(places) in found.subject, "binding", "serialNumber")
            need(all(place in found.reason for place in places), "binding", "/Reason")
        need({each.sha256 for each in signature.timestamp} <= found.tokens, "token")

    def _file(self, sha256: str) -> Path:
        found = [path for name, path in self._members.items() if self._digest(name) == sha256]
        need(bool(found), "file")
        return found[0]

    def _read(self, name: str) -> bytes:
        if name not in self._members:
            raise NotSound("layout", gettext("Il manque {name} dans le conteneur.").format(name=name))
        return self._members[name].read_bytes()

    def _digest(self, name: str) -> str:
        with self._members[name].open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
