"""Who sealed stands in what both verifiers say: a root may have certified others, who could seal as well."""

import io
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from evidence import keys
from evidence.verify import loop, proofs
from evidence.verify.verdicts import Verdict
from tests.evidence import pki, trails
from tests.verification.containers import ALL, claims_of, contained, false, listed_anew, read, rewritten, verified

SEAL, SIGNATURE = ALL[2], "Signature du document 1"


def said_of(file: Path) -> dict[str, Any]:
    out = io.StringIO()
    with suppress(SystemExit):  # it ends with 1 where something is false
        call_command("verify", str(file), stdout=out)
    return dict(json.loads(out.getvalue()))


def test_the_verifier_names_the_seal_beside_its_time(two: tuple[Path, Path]) -> None:
    """RFC 2253, the last first; accents as they are."""
    status, claims = verified(two[0])
    at, _, by = claims[SEAL][1].partition(", ")
    assert (status, at[-4:]) == (0, " UTC")
    assert by == proofs.name_of(pki.seal().certificate)
    assert by.startswith("CN=Paraphe bac à sable Cachet de la plateforme,organizationIdentifier=NTRFR-")


@pytest.mark.django_db
def test_the_command_names_it_where_the_seal_holds_and_nobody_where_it_does_not(two: tuple[Path, Path]) -> None:
    one, _ = two
    assert said_of(one)["sealed_by"] == proofs.name_of(pki.seal().certificate)
    whole = read(one)
    changed = rewritten(one, listed_anew({**whole, "journal.jsonl": b"{}\n"}), name="resealed.asice")
    assert said_of(changed)["sealed_by"] == ""


@pytest.mark.django_db
def test_another_root_of_the_signature_stands_at_the_signature(tmp_path: Path) -> None:
    """The signer's certificate is of a service elsewhere: its root is to be compared as well, and shown."""
    pki.hold()
    walk = trails.Walk().create().open().look().agree().code()
    keys_there, public_there = tmp_path / "keys", tmp_path / "pki"
    with (
        override_settings(KEYS_DIR=keys_there, PKI_DIR=public_there),
        pytest.MonkeyPatch.context() as elsewhere,
        Path("/dev/null").open("w") as nowhere,
    ):
        call_command("ceremony", stdout=nowhere)
        elsewhere.setattr(pki, "hold", lambda: public_there)
        other = keys.open_identity("seal").chain[-1]
        walk.sign()
    file = tmp_path / "dossier.asice"
    contained(walk.deliver(), file)
    script = file.with_suffix(".py")
    script.write_bytes(read(file)["verifier.py"])
    status, claims, shown = claims_of(script, file)
    prints = [each.fingerprint(hashes.SHA256()).hex(":").upper() for each in (pki.root(), other)]
    assert (status, false(claims)) == (0, {})
    assert shown.endswith(prints[0])
    assert claims[SIGNATURE][1].endswith(f", racine sha256 Fingerprint={prints[1]}")
    for roots, verdict in (([pki.root(), other], Verdict.VALID), ([pki.root()], Verdict.UNTRUSTED)):
        assert loop.examine(file, roots=roots, at=timezone.now()).verdict is verdict
