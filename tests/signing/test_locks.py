"""Files that somebody has signed so that fields are locked (ISO 32000-2, 12.7.5.5 and 12.8.2.4), signed here."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils.timezone import now
from pyhanko.sign.fields import FieldMDPAction as Action

from evidence.verify import report
from signing.backend.models import SignatureRequest
from signing.states import SignerState
from tests.pdfs import signed
from tests.signing import walks


@pytest.mark.parametrize(
    ("action", "names"),
    [(Action.ALL, ()), (Action.EXCLUDE, ("Other",)), (Action.INCLUDE, ("Paraphe", "Paraphe-1", "Paraphe-1-archive"))],
)
def test_no_lock_is_on_a_field_of_ours(action: Action, names: tuple[str, ...], walk: Path) -> None:
    """Locked are fields that were there, or that are named: whoever locks cannot know the names of ours."""
    document = walk / "bail.pdf"
    document.write_bytes(signed.locked(action, *names))
    assert walks.signed(walks.an_envelope_of(document)).state == SignerState.SIGNED
    found = report.examine(SignatureRequest.objects.get().path, roots=[], at=now())
    (locking, ours, _archive) = found.signatures
    assert (locking.field, locking.integrity, locking.changes) == ("Lock", "intact", "signatures")
    _, _, drawn = ours.field.partition("Paraphe-1")
    assert len(drawn) == 11, "eleven hexadecimal digits, drawn for each certificate"
