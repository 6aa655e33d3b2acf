"""What goes into the container besides its seal: every file under the name that the dossier's commands use."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext

from evidence import authorities, files, keys
from evidence.dossier import attested, xml
from evidence.dossier.commands import presented_file, signed_file
from evidence.dossier.facts import DossierFacts

HERE = Path(__file__).parent
VERIFIER, README = "verifier.py", "LISEZMOI.txt"


@dataclass(frozen=True)
class Sealed:
    """The SHA-256 of what was sealed of a dossier before its container: XML, PDF, and the signer's attestation."""

    xml_sha256: str
    pdf_sha256: str
    attestation_sha256: str


def members(told: DossierFacts, own: Sealed, *, crls: list[bytes]) -> dict[str, str | bytes]:
    """By name: the SHA-256 of what is among the files when this returns, or bytes that are this container's alone.

    `crls`: of the platform's seal, DER.
    """
    return {
        README: readme(told).encode(),
        VERIFIER: files.put_bytes(verifier(told.language)),
        "dossier.pdf": own.pdf_sha256,
        "dossier.xml": own.xml_sha256,
        attested.SHEET: own.attestation_sha256,
        xml.SCHEMA.name: files.put(xml.SCHEMA),
        **dict(_documents(told)),
        **{name: files.put_bytes(content) for name, content in _pki(told, crls)},
        **dict(_journal(told)),
    }


def _documents(told: DossierFacts) -> Iterator[tuple[str, str]]:
    for each in told.documents.document:
        yield presented_file(each), each.sha256
        if each.signed:
            yield signed_file(each), each.signed.sha256
    folders = [each.sha256 for each in told.signer.extrinsic if each.kind == "proof_folder" and each.sha256]
    for n, sha256 in enumerate(folders, start=1):
        yield f"client-{n}.zip", sha256


def _pki(told: DossierFacts, crls: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """Certificates and lists: the same in many containers."""
    seal = keys.open_identity("seal")
    yield "pki/root.pem", keys.pem(seal.chain[-1])
    for n, each in enumerate((seal.certificate, *seal.chain[:-1]), start=1):
        yield f"pki/seal-{n}.pem", keys.pem(each)
    for n, der in enumerate(crls, start=1):
        yield f"pki/seal-{n}.crl", der
    if told.certificate:
        for above in told.certificate.above:
            yield f"pki/signer-{above.role}.pem", above.text.encode()
        for n, listed in enumerate(told.certificate.revocation_list, start=1):
            yield f"pki/signer-{n}.crl", base64.b64decode(listed.text)
    elsewhere = b"".join(map(keys.pem, authorities.roots()))
    if elsewhere:
        yield "pki/others.pem", elsewhere


def _journal(told: DossierFacts) -> Iterator[tuple[str, bytes]]:
    yield "journal.jsonl", b"".join(entry.canonical + b"\n" for entry in told.journal.entry)
    if told.journal.checkpoint:
        yield "log/checkpoint.txt", told.journal.checkpoint.text.encode()
        yield "log/journal.tlog-proof", told.journal.inclusion_proof[0].text.encode()
        yield "log/checkpoint.tsr", base64.b64decode(told.journal.timestamp[0].text)
        yield "log/key.pem", keys.log_pem()


def verifier(language: str) -> bytes:
    """The verifier as it goes into a container: its sentences in the dossier's language."""
    source = (HERE / VERIFIER).read_text()
    table = HERE / f"verifier.{language}.json"
    if not table.exists():  # French, in which it is written
        return source.encode()
    texts = json.loads(table.read_text())
    return source.replace("TEXTS = {}", f"TEXTS = {texts!r}", 1).encode()


def readme(told: DossierFacts) -> str:
    """How to verify, in the dossier's language."""
    reference = told.transaction.reference
    said = gettext(
        "Dossier de preuve {reference}\n\n"
        "Ce fichier (.asice) est une archive ZIP. Il contient tout ce qu’il faut pour vérifier la preuve sans son\n"
        "éditeur et sans réseau : documents présentés et signés, dossier (PDF et XML), attestation, certificats,\n"
        "listes de révocation, jetons d’horodatage, journal.\n\n"
        "Pour tout vérifier (Python 3.8 et openssl 3, sur Linux ou macOS) :\n\n"
        "    unzip -p {file} verifier.py > verifier.py\n"
        "    python3 verifier.py {file}\n\n"
        "Le programme dit de chaque point s’il est vérifié, faux, ou non vérifiable ici, et pourquoi. Il compte sur\n"
        "la racine qui est dans l’archive : comparez l’empreinte qu’il affiche, et le nom du cachet, à ceux que\n"
        "publie l’exploitant.\n\n"
        "L’annexe A de dossier.pdf donne les mêmes vérifications, commande par commande.\n"
    )
    return said.format(reference=reference, file=f"dossier-{reference}-{told.signer.n}.asice")
