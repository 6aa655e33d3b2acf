"""Certificates, lists and the log's key exchanged with those of another installation's envelope: found, and named."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.evidence import pki, trails
from tests.verification.containers import ALL, ATTESTED, contained, false, judged, listed_anew, read, rewritten

DIGESTS, SEAL, XML_SEAL, PDF_SEAL = ALL[1:5]
REGISTER, SIGNATURE = "Registre de la plateforme", "Signature du document 1"
SEALS = {XML_SEAL, PDF_SEAL, ATTESTED}
NAMED = {
    "pki/root.pem": {*SEALS, REGISTER},
    "pki/seal-1.pem": set[str](),  # it stands in each seal as well
    "pki/seal-2.pem": SEALS,
    "pki/seal-1.crl": set[str](),  # the list of the root is there twice
    "pki/seal-2.crl": {*SEALS, SIGNATURE},
    "pki/signer-issuer.pem": set[str](),  # it stands in the signature as well
    "pki/signer-root.pem": {SIGNATURE},
    "pki/signer-1.crl": set[str](),
    "log/key.pem": {REGISTER},
}
"""What is false besides the digest, or the seal over all digests."""


@pytest.fixture
def elsewhere(db: None, tmp_path: Path) -> Path:
    """The container of an envelope that another installation sealed, with keys and authorities of its own."""
    target, public_there = tmp_path / "elsewhere.asice", tmp_path / "pki"
    own = {"KEYS_DIR": tmp_path / "keys", "PKI_DIR": public_there, "CHECKPOINTS_DIR": tmp_path / "checkpoints"}
    with override_settings(**own), pytest.MonkeyPatch.context() as there, Path("/dev/null").open("w") as nowhere:
        call_command("ceremony", stdout=nowhere)
        there.setattr(pki, "hold", lambda: public_there)
        contained(trails.signed(), target)
    return target


def test_what_is_another_installations_is_found(two: tuple[Path, Path], elsewhere: Path) -> None:
    one, _ = two
    ours, theirs = read(one), read(elsewhere)
    script = one.with_name("verifier.py")
    script.write_bytes(ours["verifier.py"])
    assert {name for name in ours if name.startswith(("pki/", "log/key"))} == set(NAMED)
    for name, named in NAMED.items():
        assert ours[name] != theirs[name]
        status, claims = judged(script, rewritten(one, {name: theirs[name]}))
        assert (status, set(false(claims)) - {SEAL}) == (1, {DIGESTS, *named}), name
        status, claims = judged(script, rewritten(one, listed_anew({**ours, name: theirs[name]})))
        assert (status, set(false(claims))) == (1, {DIGESTS, SEAL, *named}), name
