"""Containers of dossiers, made as the worker makes them; and the verifier that is inside, run in an empty environment."""

import subprocess
import sys
import zipfile
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.timezone import now

from evidence import checkpoints, files, jobs, timestamps
from evidence.dossier import facts
from evidence.dossier.container import container
from evidence.dossier.facts import DossierFacts
from signing.backend.models import Order
from tests.evidence import pki
from tests.evidence.trails import Walk

FALSE, CHECKED = "FAUX", "vérifié"


def contained(walk: Walk | Order, target: Path) -> DossierFacts:
    """Write the container of a path that has ended."""
    at = now()
    told = facts.collect(walk.trail, walk.signer, dossier_id="11111111-2222", at=at, software="Paraphe 0.1.0")
    told = facts.logged(told, checkpoints.make(timestamps.timestamper()))
    with translation.override(told.language):
        built = jobs.sealed(told, pki.seal(), pki.stamper(), crls=pki.crls(), at=at)
    with target.open("wb") as out:
        container.write(built.sealing_sha256, out)
    return told


def verified(container_file: Path) -> tuple[int, dict[str, str]]:
    """Run the verifier that the container brings along: nothing but Python and openssl, no module of anybody's.

    Gives its status, and what it says of each claim: state and reason.
    """
    script = container_file.with_suffix(".verifier.py")
    with zipfile.ZipFile(container_file) as archive:
        script.write_bytes(archive.read("verifier.py"))
    return run(script, container_file)


def run(script: Path, container_file: Path) -> tuple[int, dict[str, str]]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", script, container_file],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=container_file.parent,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},
    )
    assert not done.stderr, done.stderr
    claims = {line[21:].split(" : ")[0]: line[:20].strip() + line[20 + len(line[21:].split(" : ")[0]) + 1 :] for line in done.stdout.splitlines()[:-1]}
    return done.returncode, claims


def rewritten(source: Path, target: Path, changed: dict[str, bytes | None]) -> Path:
    """The same container with members changed, added, or (None) left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = changed.get(info.filename, old.read(info.filename))
            if content is not None:
                new.writestr(info, content)
        for name in set(changed) - set(old.namelist()):
            content = changed[name]
            assert content is not None
            new.writestr(name, content)
    return target


__all__ = ["CHECKED", "FALSE", "contained", "files", "rewritten", "run", "settings", "verified"]
