"""Time stamps of a unit that a list of the file names (RFC 3161, 4.1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from evidence.verify.verdicts import Verdict
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet

__all__ = ["quiet"]  # a fixture
BEFORE, AFTER = authority.AT - timedelta(hours=1), authority.AT + timedelta(hours=1)
CEASED, STOLEN = x509.ReasonFlags.cessation_of_operation, x509.ReasonFlags.key_compromise


def listed(when: datetime, reason: x509.ReasonFlags | None) -> list[bytes]:
    """The lists of a chain: that of the issuing authority names the unit of the time stamps."""
    pki = authority.pki()
    entry = x509.RevokedCertificateBuilder().serial_number(pki.tsa.certificate.serial_number).revocation_date(when)
    entry = entry.add_extension(x509.CRLReason(reason), critical=False) if reason else entry
    made = x509.CertificateRevocationListBuilder().issuer_name(pki.issuing.certificate.subject)
    made = made.last_update(authority.AT).next_update(authority.AT + timedelta(minutes=25))
    signed = made.add_revoked_certificate(entry.build()).sign(pki.issuing.key, hashes.SHA256())
    return [signed.public_bytes(Encoding.DER), pki.crls()[1]]


@pytest.mark.parametrize(("when", "reason"), [(BEFORE, CEASED), (BEFORE, None), (AFTER, STOLEN), (AFTER, None)])
def test_a_stamp_of_a_unit_that_was_revoked_is_not_believed(
    when: datetime, reason: x509.ReasonFlags | None, tmp_path: Path
) -> None:
    found = examine(tmp_path, files.with_lists(*listed(when, reason)).content)
    archive = found.signatures[-1]
    assert found.verdict is Verdict.UNTRUSTED
    assert (archive.kind, archive.proven, archive.trust) == ("timestamp", False, "untrusted")
    assert "revoked" in codes(found)


@pytest.mark.parametrize("reason", [CEASED, x509.ReasonFlags.superseded])
def test_a_stamp_that_came_before_its_unit_ceased_is_believed(reason: x509.ReasonFlags, tmp_path: Path) -> None:
    found = examine(tmp_path, files.with_lists(*listed(AFTER, reason)).content)
    assert found.signatures[-1].verdict is Verdict.VALID
