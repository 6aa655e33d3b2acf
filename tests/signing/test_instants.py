"""Every entry of a signature carries the instant of its fact."""

from pathlib import Path

from django.utils.timezone import now

from evidence import trail
from evidence.trail import Read
from signing.actions.envelopes import NewDocument, create_envelope
from signing.models import Document
from tests.pdfs import sound
from tests.signing import walks

FACTS = [
    "certificate.issued",
    "revocation.collected",
    *2 * ["key.used", "signature.made", "timestamp.obtained", "timestamp.obtained", "signature.verified"],
    "key.destroyed",
]


def signature(folder: Path) -> list[Read]:
    """The entries from the click on, of a path whose signer has two documents to sign."""
    walks.pki.hold()
    papers = [folder / "bail.pdf", folder / "annexe.pdf"]
    for paper in papers:
        paper.write_bytes(sound.contract(1))
    documents = [NewDocument(paper, paper.stem, paper.name, Document.Role.TO_SIGN) for paper in papers]
    created = create_envelope(
        client=walks.a_client(), documents=documents, signers=(walks.CAMILLE,), actor=walks.CLIENT, at=now()
    )
    read = list(trail.entries(walks.signed(created).envelope.trail))
    return read[[entry.kind for entry in read].index("sign.clicked") :]


def test_the_instants_of_a_signed_trail_never_go_backwards(walk: Path) -> None:
    """evidence.md, Trail: an entry says when its fact was; the facts of a signature stand in the order of time."""
    read = signature(walk)
    instants = [entry.at for entry in read]
    assert instants == sorted(instants)
    kinds = [entry.kind for entry in read]
    start = kinds.index(FACTS[0])
    assert kinds[start : start + len(FACTS)] == FACTS


def test_each_token_lies_between_the_use_of_the_key_and_the_check(walk: Path) -> None:
    """The token's own time (RFC 3161, genTime) comes after the signing time and before what was done next."""
    read = signature(walk)
    tokens = [entry for entry in read if entry.kind == "timestamp.obtained"]
    for token in tokens:
        of_it = {entry.kind: entry.at for entry in read if entry.data.get("document") == token.data["document"]}
        assert of_it["key.used"] == of_it["signature.made"] <= token.data["time"] <= token.at
        assert token.at <= of_it["signature.verified"] <= read[[e.kind for e in read].index("key.destroyed")].at
    assert len(tokens) == 4
