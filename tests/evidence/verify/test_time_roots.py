"""A root that is trusted to tell the time says nothing of who somebody is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from pytest_django.fixtures import Settings

from evidence.verify import anchors, report
from evidence.verify.apart import Examiner
from evidence.verify.verdicts import FileReport, Verdict
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_anchors import three
from tests.evidence.verify.test_report import LATER, codes, quiet

__all__ = ["quiet", "three"]  # fixtures
OWN = authority.pki().root.certificate
OTHER = authority.pki(authority.AT + timedelta(minutes=1)).root.certificate


def asked(
    folder: Path, roots: list[x509.Certificate], time_roots: list[x509.Certificate], *, apart: bool
) -> FileReport:
    path = folder / "file.pdf"
    path.write_bytes(files.once().content)
    if not apart:
        return report.examine(path, roots=roots, at=LATER, time_roots=time_roots)
    with Examiner() as examiner:
        return examiner.examine(path, roots=roots, at=LATER, time_roots=time_roots)


@pytest.mark.parametrize("apart", [False, True])
def test_a_person_below_a_root_for_time_is_not_trusted_and_the_time_stamps_are(tmp_path: Path, *, apart: bool) -> None:
    """`TSA_ROOTS` of an authority that issues to people, too."""
    found = asked(tmp_path, [OTHER], [OWN], apart=apart)
    person, archive = found.signatures
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
    assert (person.verdict, person.proven, person.root) == (Verdict.UNTRUSTED, True, "")
    assert (archive.verdict, archive.trust) == (Verdict.VALID, "trusted")
    assert archive.root


@pytest.mark.parametrize("apart", [False, True])
def test_a_root_for_all_is_one_for_time(tmp_path: Path, *, apart: bool) -> None:
    assert asked(tmp_path, [OWN], [], apart=apart).verdict is Verdict.VALID
    assert asked(tmp_path, [OWN], [OTHER], apart=apart).verdict is Verdict.VALID


def test_roots_are_told_apart_by_why_they_are_trusted(three: Path, settings: Settings) -> None:
    """Ours and those of a signing service are for all that leads there."""
    roots = anchors.Roots.of(anchors.trusted())
    assert (len(roots.people), len(roots.time)) == (2, 1)
    settings.CERTSIGN = {**settings.CERTSIGN, "roots": ""}
    (three / "root.crt").unlink()
    assert anchors.Roots.of(anchors.trusted()) == anchors.Roots((), roots.time)
