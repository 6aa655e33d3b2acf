"""Containers of dossiers, made as the worker makes them, and the verifier inside them, run in an empty environment."""

import base64
import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from django.utils import translation
from django.utils.timezone import now

from evidence import checkpoints, jobs, timestamps
from evidence.dossier import facts
from evidence.dossier.container import container
from evidence.dossier.facts import DossierFacts
from evidence.verify import loop
from evidence.verify.verdicts import Verdict
from signing.backend.models import Order
from tests.evidence import pki
from tests.evidence.trails import Walk

STATES = {"vérifié": "checked", "FAUX": "false", "non vérifiable ici": "unchecked"}
STATES |= {"checked": "checked", "FALSE": "false", "not checkable here": "unchecked"}

Members = dict[str, bytes]
ATTESTED = "Cachet de attestation.pdf, qui dit ce que dit dossier.xml"
ALL = [
    "Forme de l’archive et de dossier.xml",
    "Empreintes des fichiers du dossier",
    "Cachet et horodatage de l’archive",
    "Cachet de dossier.xml",
    "Cachet de dossier.pdf, qui contient dossier.xml",
    ATTESTED,
    "Chaîne et valeurs du journal",
    "Lien entre signataire, documents et textes",
    "Registre de la plateforme",
    "Document 1 présenté",
    "Document 2 présenté",
    "Signature du document 1",
    "Addenda plus récents",
    "Schéma de dossier.xml",
]


def contained(walk: Walk | Order, target: Path) -> DossierFacts:
    """Write the container of a path that has ended."""
    told, sealing = built(walk)
    with target.open("wb") as out:
        container.write(sealing, out)
    return told


def built(walk: Walk | Order) -> tuple[DossierFacts, str]:
    """The facts of a path that has ended, and the sealing part of its container."""
    at = now()
    told = facts.collect(walk.trail, walk.signer, dossier_id="11111111-2222", at=at, software="Paraphe 0.1.0")
    told = facts.logged(told, checkpoints.make(timestamps.timestamper()))
    with translation.override(told.language):
        return told, jobs.sealed(told, pki.seal(), pki.stamper(), crls=pki.crls(), at=at).sealing_sha256


def read(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def verified(file: Path) -> tuple[int, dict[str, tuple[str, str]]]:
    """Run the verifier that a container brings along, on that container."""
    script = file.with_suffix(".verifier.py")
    script.write_bytes(read(file)["verifier.py"])
    return judged(script, file)


def judged(script: Path, file: Path) -> tuple[int, dict[str, tuple[str, str]]]:
    """Its status, and of each claim: state and reason; the application's own code comes to the same."""
    status, claims, _ = claims_of(script, file)
    agree(file, status, claims)
    return status, claims


def claims_of(script: Path, file: Path, **environment: str) -> tuple[int, dict[str, tuple[str, str]], str]:
    """The same, and the root that it shows. Nothing but Python and openssl, no module of anybody's."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", script, file],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=file.parent,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"} | environment,
    )
    assert not done.stderr, done.stderr
    *lines, root = done.stdout.splitlines()
    claims = {}
    for line in lines:
        claim, _, reason = line[21:].partition(" : ")
        claims[claim] = STATES[line[:20].strip()], reason
    return done.returncode, claims, root


def agree(file: Path, status: int, claims: Mapping[str, tuple[str, str]]) -> None:
    """The application's own code, which asks neither openssl nor the verifier, comes to the same.

    It validates against the schema first, so it may stop where the other one goes on; it has its roots from elsewhere,
    so it may hold what the other one cannot without a file of the container. What it finds false, the other one does.
    """
    said = loop.examine(file, roots=[pki.root()], at=now())
    assert (said.verdict is Verdict.VALID) == (status == 0), said
    theirs = [state == "checked" for state, _ in claims.values() if state != "unchecked"]
    if len(said.claims) == len(theirs):
        assert all(not each.code or not holds for each, holds in zip(said.claims, theirs, strict=True)), said


def rewritten(source: Path, changed: Mapping[str, bytes | None], *, name: str = "changed.asice") -> Path:
    """The same container with members changed, added, or (None) left out."""
    target = source.with_name(name)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = changed.get(info.filename, old.read(info.filename))
            if content is not None:
                new.writestr(info, content)
        for added in changed.keys() - set(old.namelist()):
            new.writestr(added, changed[added] or b"")
    return target


def listed_anew(members: Mapping[str, bytes], *, name: str = "META-INF/ASiCManifest001.xml") -> dict[str, bytes]:
    """The same with a manifest's digests those of the members: what somebody does who cannot seal it again."""

    def digest(found: re.Match[bytes]) -> bytes:
        made = hashlib.sha256(members[found[2].decode()]).digest()
        return found[1] + base64.b64encode(made) + found[4]

    pattern = rb'(<asic:DataObjectReference URI="([^"]*)".*?<ds:DigestValue>)([^<]*)(</ds:DigestValue>)'
    return {**members, name: re.sub(pattern, digest, members[name])}


def false(claims: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {claim: reason for claim, (state, reason) in claims.items() if state == "false"}


def another_binding(text: str) -> str:
    """dossier.xml with another binding in its summary."""
    return re.sub(r'(<Summary [^>]*binding=")[0-9a-f]{64}', r"\g<1>" + "0" * 64, text)
