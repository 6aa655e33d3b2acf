"""Whether the unit of a time stamp was revoked: its authority's list is asked; where there is none, that is said."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone
from pytest_django.fixtures import Settings

from evidence import keys, listed
from evidence.verify import loop
from evidence.verify.verdicts import Verdict
from tests.evidence import pki, stampers, trails
from tests.evidence.stampers import Authority
from tests.verification.containers import claims_of, contained, false, read, verified

SEAL = "Cachet et horodatage de l’archive"


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who has every key stamps without having looked at a list."""
    monkeypatch.setattr(listed, "check_lists", lambda *_given, **_named: None)


def naming(certificate: x509.Certificate, at: datetime) -> bytes:
    """The list of the issuing authority, with a certificate of its own that it takes back."""
    issuing = keys.open_identity("issuing")
    entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(at).build()
    made = x509.CertificateRevocationListBuilder().issuer_name(issuing.certificate.subject).last_update(at)
    made = made.next_update(at + timedelta(hours=12)).add_revoked_certificate(entry)
    return made.sign(issuing.key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.django_db
def test_time_stamps_of_a_unit_that_was_revoked_are_refused_by_both(
    unasked: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    walk, unit = trails.refused(), keys.open_identity("tsa").certificate
    lists = [naming(unit, timezone.now() - timedelta(minutes=1)), pki.crls()[1]]
    monkeypatch.setattr(pki, "crls", lambda: lists)
    contained(walk, tmp_path / "dossier.asice")
    status, claims = verified(tmp_path / "dossier.asice")
    assert status == 1
    assert set(false(claims)) == {claim for claim in claims if claim.startswith("Cachet")} | {
        "Registre de la plateforme"
    }
    assert "certificate revoked" in false(claims)[SEAL]


@pytest.mark.django_db
def test_whose_time_stamps_have_no_list_is_said_by_both(unasked: None, settings: Settings, tmp_path: Path) -> None:
    """Of an authority elsewhere: what its certificates prove is held; nothing says whether they were revoked."""
    pki.hold()
    elsewhere, file = Authority("Ailleurs"), tmp_path / "dossier.asice"
    with stampers.serving(elsewhere):
        settings.TSA_URLS, settings.TSA_ROOTS = [elsewhere.url], stampers.trusted(tmp_path, elsewhere)
        contained(trails.refused(), file)
    script = file.with_suffix(".py")
    script.write_bytes(read(file)["verifier.py"])
    status, claims, _ = claims_of(script, file)
    assert (status, false(claims)) == (0, {})
    told = {claim: reason for claim, (_, reason) in claims.items() if claim.startswith("Révocation")}
    unit = (
        "Révocation de l’horodateur CN=Ailleurs unité,organizationIdentifier=NTRFR-111111111,O=Horodateur externe,C=FR"
    )
    assert told == {unit: "aucune liste de son autorité ici"}
    roots = [stampers.root_of(elsewhere)]
    said = loop.examine(file, roots=[pki.root()], at=timezone.now(), time_roots=roots)
    assert (said.verdict, len(said.unlisted)) == (Verdict.VALID, 1)
    assert "CN=Ailleurs unité" in said.unlisted[0]


@pytest.mark.django_db
def test_a_list_of_the_authority_leaves_nothing_to_be_said(tmp_path: Path) -> None:
    contained(trails.refused(), tmp_path / "dossier.asice")
    status, claims = verified(tmp_path / "dossier.asice")
    assert (status, [claim for claim in claims if claim.startswith("Révocation")]) == (0, [])
    said = loop.examine(tmp_path / "dossier.asice", roots=[pki.root()], at=timezone.now())
    assert said.as_json()["unlisted"] == []
