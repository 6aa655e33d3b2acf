"""People who sign the same document long after each other, with certificates for half an hour."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from evidence.verify.verdicts import Verdict
from signing.engine.ca import Revoked
from tests.engine.authority import AT
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet

__all__ = ["quiet"]  # a fixture

GAP = timedelta(hours=7)
FIRST_SIGNED = AT + GAP


def named(at: timedelta) -> Revoked:
    """The first signer's certificate, from then on, counted from its signature."""
    return Revoked(files.FIRST_SERIAL + 1, FIRST_SIGNED + at, x509.ReasonFlags.key_compromise)


@pytest.mark.parametrize("gap", [timedelta(minutes=10), timedelta(minutes=40), GAP, timedelta(days=3)])
@pytest.mark.parametrize("age", [timedelta(days=40), timedelta(days=900)])
def test_signatures_stay_valid_when_others_sign_after_their_certificates_have_run_out(
    gap: timedelta, age: timedelta, tmp_path: Path
) -> None:
    found = examine(tmp_path, files.apart(3, gap).content, at=AT + age)
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])
    assert [each.when for each in found.signatures if each.kind == "signature"] == [AT + n * gap for n in (1, 2, 3)]


def test_a_list_of_long_after_that_names_a_certificate_for_before_its_signature_is_heard(tmp_path: Path) -> None:
    found = examine(tmp_path, files.apart(2, GAP, named(timedelta(seconds=-30))).content, at=AT + timedelta(days=40))
    assert found.verdict is Verdict.UNTRUSTED
    assert [each.verdict for each in found.signatures if each.kind == "signature"] == [
        Verdict.UNTRUSTED,
        Verdict.VALID,
    ]


@pytest.mark.parametrize("after", [timedelta(minutes=5), timedelta(hours=1)])
def test_what_was_revoked_after_its_signature_signed_before(after: timedelta, tmp_path: Path) -> None:
    """Its time stamp proves when: EN 319 102-1, 5.6.2.4."""
    found = examine(tmp_path, files.apart(2, GAP, named(after)).content, at=AT + timedelta(days=40))
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])
