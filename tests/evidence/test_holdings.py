import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from evidence import files, trail
from evidence.models import Trail
from tests.signing import walks


def verified() -> tuple[int, dict[str, Any]]:
    """Exit status and answer of `verify_journal --files`."""
    out = io.StringIO()
    try:
        call_command("verify_journal", "--files", stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def lose(path: Path) -> None:
    path.unlink()


def change(path: Path) -> None:
    content = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize("damage", [lose, change])
@pytest.mark.parametrize(
    ("kind", "member"),
    [
        ("document.frozen", "sha256"),
        ("signature.made", "sha256"),
        ("timestamp.obtained", "token_sha256"),
        ("revocation.collected", "sha256"),
        ("certificate.issued", "issuer_sha256"),
    ],
)
def test_a_kept_file_that_is_lost_or_changed_is_named_by_its_entry(
    walk: Path, damage: Callable[[Path], None], kind: str, member: str
) -> None:
    signer = walks.signed(walks.an_envelope(walk))
    status, told = verified()
    assert (status, told["valid"]) == (0, True), told
    assert told["files"] >= 8
    entry = next(each for each in trail.entries(Trail.objects.get(pk=signer.envelope.trail_id)) if each.kind == kind)
    place = files.path_of(entry.data[member])
    kept = place.read_bytes()
    damage(place)
    try:
        status, told = verified()
    finally:
        place.unlink(missing_ok=True)  # a blob is shared by tests of one process
        files.put_bytes(kept)
    assert status == 1
    assert told["seq"] <= entry.seq
    assert entry.data[member] in told["reason"]
