"""Containers that somebody sealed with keys of his own, and laid the true root in: both verifiers refuse them."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from evidence import authorities, keys
from evidence.verify import loop
from evidence.verify.verdicts import Verdict
from tests.evidence import pki, trails
from tests.verification.containers import claims_of, contained, false, read

SEALS = {
    "Cachet et horodatage de l’archive",
    "Cachet de dossier.xml",
    "Cachet de dossier.pdf, qui contient dossier.xml",
    "Cachet de attestation.pdf, qui dit ce que dit dossier.xml",
}


@dataclass(frozen=True)
class Forger:
    """A platform of somebody else, who has all our programs and none of our keys."""

    true: x509.Certificate
    his: x509.Certificate
    patched: pytest.MonkeyPatch

    def lays_in(self, root: bytes) -> None:
        """What stands in `pki/root.pem` of the containers that he makes; elsewhere his root is his."""
        written = keys.pem
        first = iter([root])
        self.patched.setattr(keys, "pem", lambda each: next(first, pem(each)) if each == self.his else written(each))


@pytest.fixture
def forger(db: None, settings: Settings, tmp_path: Path) -> Iterator[Forger]:
    true = pki.root()
    settings.KEYS_DIR, settings.PKI_DIR = tmp_path / "keys", tmp_path / "pki"
    settings.CHECKPOINTS_DIR = tmp_path / "checkpoints"
    settings.OPERATOR = {**settings.OPERATOR, "name": "Faussaire"}
    with Path("/dev/null").open("w") as nowhere:
        call_command("ceremony", stdout=nowhere)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pki, "hold", lambda: tmp_path / "pki")
        yield Forger(true, keys.open_identity("seal").chain[-1], patched)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def behind_the_true_one(forger: Forger) -> None:
    """A second certificate in the file of the root, whose first is what a verifier shows."""
    forger.lays_in(pem(forger.true) + pem(forger.his))


def among_those_of_time_stamps(forger: Forger) -> None:
    """One of the roots of external time-stamping authorities, which prove times and nothing else."""
    forger.lays_in(pem(forger.true))
    forger.patched.setattr(authorities, "roots", lambda: [forger.his])


@pytest.mark.parametrize("store", ["empty", "with his root"])
@pytest.mark.parametrize("how", [behind_the_true_one, among_those_of_time_stamps], ids=lambda how: how.__name__)
def test_the_true_root_beside_his_own_makes_no_forger_true(
    forger: Forger,
    how: Callable[[Forger], None],
    store: str,
    tmp_path: Path,
) -> None:
    """What is shown to be compared is all that is trusted: neither more of its file, nor what this machine trusts."""
    how(forger)
    file = tmp_path / "forged.asice"
    contained(trails.signed(), file)
    (tmp_path / "store").mkdir()
    if store != "empty":
        (tmp_path / "store/his.pem").write_bytes(pem(forger.his))
        subprocess.run(["openssl", "rehash", tmp_path / "store"], check=True)
    script = file.with_suffix(".verifier.py")
    script.write_bytes(read(file)["verifier.py"])
    status, claims, root = claims_of(script, file, SSL_CERT_DIR=str(tmp_path / "store"))
    assert root.replace(":", "").lower().endswith(forger.true.fingerprint(hashes.SHA256()).hex())
    assert status == 1
    assert set(false(claims)) >= SEALS
    said = loop.examine(file, roots=[forger.true], at=timezone.now())
    assert said.verdict is Verdict.UNTRUSTED
