"""The loop of a dossier's container, claim by claim: what the application's own code says of it.

Independent of the verifier inside (`evidence.dossier.container.verifier`): that one asks openssl and trusts the root
inside; this one asks cryptography and trusts the roots it is given. Both must come to the same on every container.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
from evidence.dossier.container import container
from evidence.dossier.documents import Document
from evidence.dossier.facts import DossierFacts
from evidence.dossier.signatures import Signature
from evidence.verify import addendum, cited, proofs, recorded, xml_seal
from evidence.verify.claims import Claim, held, need
from evidence.verify.failures import NotSound
from evidence.verify.members import Members
from evidence.verify.proofs import Proofs
from evidence.verify.verdicts import Verdict

UNEXAMINED = "unexamined"
"""Name and code of what stands for all the claims that were not held: the examination had to end before them."""


@dataclass(frozen=True)
class ContainerReport:
    """What is said of one container. Untrusted: everything holds, below roots that are not trusted here.

    `xml_sha256`, `addenda`: the digest of its dossier.xml, and how many addenda are in it; of an unreadable one none.
    `sealed_by`: the subject of the certificate that sealed it, for a root may have certified others as well; empty
    where that seal does not hold. `unlisted`: whose time stamps are in it without a list of the authority above them,
    so that nothing in it says whether they were revoked.
    """

    file: str
    verdict: Verdict
    claims: tuple[Claim, ...]
    xml_sha256: str = ""
    addenda: int = 0
    sealed_by: str = ""
    unlisted: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        told = {"file": self.file, "verdict": self.verdict.value, "sealed_by": self.sealed_by}
        return told | {"unlisted": list(self.unlisted), "claims": [each.as_json() for each in self.claims]}


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
    with workplace() as folder:
        return judge(path, folder, roots=(roots, time_roots), at=at)


@contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder for what is unpacked, which goes afterwards."""
    work = Path(settings.WORK_DIR)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="container-") as folder:
        yield Path(folder)


def judge(
    path: Path,
    folder: Path,
    *,
    roots: tuple[Sequence[x509.Certificate], Sequence[x509.Certificate]],
    at: datetime,
    told: Callable[[Claim], None] | None = None,
) -> ContainerReport:
    """Hold every claim, unpacked into `folder`; each is `told` at once. `roots`: for all, and for time stamps only."""
    found, claims = _Loop(path, folder, roots, at), []
    for claim in found.claims():
        claims.append(claim)
        if told:
            told(claim)
    return said(path, claims, *found.of())


def said(path: Path, claims: Sequence[Claim], *of: Any) -> ContainerReport:
    """What claims come to. `of`: what else the report says of a container whose form holds."""
    failed = [each for each in claims if each.code]
    if not failed:
        return ContainerReport(str(path), Verdict.VALID, tuple(claims), *of)
    if failed[0].name in {"form", UNEXAMINED}:
        return ContainerReport(str(path), Verdict.UNREADABLE, tuple(claims))
    trusted = any(each.code not in {"issuer_unknown", UNEXAMINED} for each in failed)
    return ContainerReport(str(path), Verdict.INVALID if trusted else Verdict.UNTRUSTED, tuple(claims), *of)


class _Loop:
    """One container, unpacked into a folder that goes afterwards."""

    facts: DossierFacts
    entries: list[dict[str, Any]]
    sealed_by = ""
    unlisted: tuple[str, ...] = ()

    def __init__(self, path: Path, folder: Path, roots: tuple[Sequence[x509.Certificate], ...], at: datetime) -> None:
        self._path, self._folder, self._roots, self._at = path, folder, roots, at
        self._members = Members()

    def claims(self) -> Iterator[Claim]:
        form = held("form", self._form)
        yield form
        if form.code:
            return
        yield held("digests", self._members.check_digests)
        yield held("seal", self._seal)
        yield held("xml_seal", self._xml_seal)
        yield held("pdf_seal", self._pdf_seal)
        if attested.SHEET in self._members.paths or self.facts.attestation:
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
        for n in self._members.addenda():
            yield held("addendum", partial(self._addendum, n), n)
        self.unlisted = tuple(sorted(self._proofs.unlisted))

    def of(self) -> tuple[str, int, str, tuple[str, ...]]:
        """The digest of its dossier.xml, the number of its addenda, who sealed it, and whose stamps have no list."""
        if "dossier.xml" not in self._members.paths:
            return "", 0, "", ()
        return self._members.digest("dossier.xml"), len(self._members.addenda()), self.sealed_by, self.unlisted

    def _form(self) -> None:
        self._members.unpack(self._path, self._folder)
        self.facts = xml.read(self._members.read("dossier.xml"))
        self._proofs = Proofs.of(self._members.paths, *self._roots)

    def _addendum(self, n: int) -> None:
        """Its own seal, with the certificates and lists that it brings; what that covers; what it says."""
        by, over = container.added(n)
        own = {name: path for name, path in self._members.paths.items() if name.startswith(f"addenda/{n:03d}.")}
        self._proofs.with_these(own).signed(self._members.read(over), self._members.read(by))
        self._members.check_addendum(n)
        before = self._members.paths.get(f"addenda/{n - 1:03d}.json", self._members.paths["dossier.xml"])
        addendum.check(
            self._members.read(f"addenda/{n:03d}.json"),
            n=n,
            previous=before.read_bytes(),
            reference=self.facts.transaction.reference,
            trail=self.entries[0]["trail"],
            attached=lambda name: self._members.read(f"addenda/{n:03d}-{name}"),
        )

    def _seal(self) -> None:
        sealed, stamped = self._members.read(container.SEALED), self._members.read(container.STAMPED)
        self.sealed_by = self._proofs.signed(self._members.read(container.SIGNATURE), sealed).subject
        self._proofs.token(self._members.read(container.TOKEN), stamped)

    def _xml_seal(self) -> None:
        xml_seal.check(self._members.read("dossier.xml"), self._proofs)

    def _pdf_seal(self) -> None:
        pdf = self._members.paths["dossier.pdf"]
        need(self.facts.transaction.reference in self._proofs.sealed(pdf).reason, "reference", "/Reason")
        need(proofs.attached(pdf, "dossier.xml") == self._members.read("dossier.xml"), "embedded")

    def _attestation(self) -> None:
        """The signer's sheet: its seal, and that it says what dossier.xml does."""
        self._members.read(attested.SHEET)
        pdf, stated = self._members.paths[attested.SHEET], self.facts.attestation
        need(self.facts.transaction.reference in self._proofs.sealed(pdf).reason, "reference", "/Reason")
        wanted = attested.said(
            self.facts, xml_sha256=self._members.digest("dossier.xml"), at=stated.at if stated else ""
        )
        need(json.loads(proofs.attached(pdf, attested.NAME) or b"null") == wanted, "attestation")

    def _journal(self) -> None:
        self.entries = recorded.entries(self.facts.journal, self._members.read("journal.jsonl"))
        cited.check(self._members.read("dossier.xml"), self.facts.journal)

    def _binding(self) -> None:
        recorded.check_binding(self.facts, self.entries)

    def _register(self) -> None:
        note = self._members.read("log/checkpoint.txt").decode()
        proof = self._members.read("log/journal.tlog-proof").decode()
        need(proof.endswith(f"\n\n{note}"), "proof")
        said = notes.opened(note, notes.read(note).origin, self._proofs.log_key)
        index, hashes = notes.read_proof(proof)
        head = bytes.fromhex(self.facts.journal.head)
        need(merkle.is_included(head, index, said.size, hashes, said.root), "proof")
        self._proofs.token(self._members.read("log/checkpoint.tsr"), note.encode())

    def _presented(self, document: Document) -> None:
        frozen = [
            each["data"]
            for each in recorded.of(self.entries, "document.frozen")
            if each["data"]["document"] == document.id
        ]
        need([each["sha256"] for each in frozen] == [document.sha256], "journal")
        self._members.with_digest(document.sha256)

    def _signature(self, document: Document, signature: Signature) -> None:
        signed, certificate = document.signed, self.facts.certificate
        if signed is None or certificate is None:
            raise NotSound("signed", gettext("Le dossier ne dit pas quel fichier est signé."))
        made = [each["data"] for each in recorded.of(self.entries, "signature.made")]
        need(any((each["document"], each["sha256"]) == (document.id, signed.sha256) for each in made), "journal")
        path = self._members.with_digest(signed.sha256)
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
