"""A document that was written anew at intake: trail and dossier have both digests (DESIGN.md, Decisions)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from evidence import files, trail
from evidence.dossier import xml
from evidence.models import Dossier, Trail
from tests.backend import bare_orders
from tests.pdfs import broken
from tests.signing import walks


@dataclass(frozen=True)
class Kept:
    """Where a document was handed in, and the digest under which it is kept."""

    trail: Trail
    sha256: str


def by_envelope(source: Path) -> Kept:
    signer = walks.signed(walks.an_envelope_of(source))
    walks.work(kinds=bare_orders.ALL)
    return Kept(signer.envelope.trail, signer.envelope.documents.get().sha256)


def by_order(source: Path) -> Kept:
    order = bare_orders.opened()
    request = bare_orders.with_file(order, source)
    bare_orders.sign(order)
    walks.work(kinds=bare_orders.ALL)
    return Kept(order.trail, request.presented_sha256)


@pytest.mark.parametrize("hand_in", [by_envelope, by_order])
def test_both_digests_are_in_trail_and_dossier(hand_in: Callable[[Path], Kept], walk: Path) -> None:
    """Issue, Intake: repair is recorded with both digests."""
    content = broken.wrong_offsets()
    source, received = walk / "reçu.pdf", hashlib.sha256(content).hexdigest()
    source.write_bytes(content)
    kept = hand_in(source)
    told = {entry.kind: entry.data for entry in trail.entries(kept.trail) if entry.kind.startswith("document.")}
    added, repaired, frozen = (told[f"document.{kind}"] for kind in ("added", "repaired", "frozen"))
    assert (added["sha256"], added["bytes"]) == (received, len(content))
    assert (repaired["received_sha256"], repaired["sha256"]) == (received, kept.sha256)
    assert (frozen["sha256"], frozen["bytes"]) == (kept.sha256, files.path_of(kept.sha256).stat().st_size)
    assert kept.sha256 != received
    (document,) = xml.read(files.path_of(Dossier.objects.get().xml_sha256).read_bytes()).documents.document
    assert document.repair is not None
    assert (document.sha256, document.repair.received_sha256) == (kept.sha256, received)
