"""What a dossier's journal says: its chain and openings, and that everything in it is tied by one binding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evidence import chain
from evidence.dossier.facts import DossierFacts
from evidence.dossier.journal import Journal
from evidence.verify.claims import need
from evidence.verify.failures import NotSound

Entries = Sequence[dict[str, Any]]
TYING = frozenset({"path.armed", "sign.clicked", "code.issued", "certificate.requested", "signature.made"})
NAMES = ("first_name", "last_name", "email", "mobile")


def entries(journal: Journal, lines: bytes) -> list[dict[str, Any]]:
    """The entries of a journal whose chain and openings hold; `lines`: its journal.jsonl. Raises `NotSound`."""
    links = [chain.Link(each.seq, each.digest, each.canonical) for each in journal.entry]
    try:
        first = chain.members(links[0].canonical)
        found = list(chain.walk(links, trail=first["trail"]))
    except (chain.Broken, LookupError, ValueError) as error:
        raise NotSound("journal", str(error)) from error
    for each, members in zip(journal.entry, found, strict=True):
        need((each.kind, each.at, each.source) == tuple(members[name] for name in ("kind", "at", "source")), "entry")
        for opening in each.opening:
            made = chain.commit(each.values[opening.field], bytes.fromhex(opening.salt))
            need(members["commitments"].get(opening.field) == made, "opening", opening.field)
    need((journal.last_seq, journal.head) == (links[-1].seq, links[-1].digest), "tail")
    need(b"".join(each.canonical + b"\n" for each in links) == lines, "journal")
    need(
        all(chain.canonical(members) == each.canonical for each, members in zip(links, found, strict=True)), "canonical"
    )
    return found


def of(told: Entries, kind: str) -> list[dict[str, Any]]:
    """Those of one kind."""
    return [each for each in told if each["kind"] == kind]


def check_binding(facts: DossierFacts, told: Entries) -> None:
    """Check that binding and reference are the same everywhere, and made of what they tie. Raises `NotSound`."""
    said, signer, reference = facts.summary.binding, facts.signer.id, facts.transaction.reference
    digits = (said or "")[:8]
    need(facts.summary.digits in {None, digits}, "binding", "Summary")
    need([each["data"]["reference"] for each in of(told, "envelope.created")] == [reference], "reference")
    for each in told:
        if each["kind"] in TYING and each["data"].get("signer") == signer:
            need(each["data"].get("binding") in {None, said}, "binding", each["kind"])
            need(each["data"].get("digits") in {None, digits}, "binding", each["kind"])
    armed = [each["data"] for each in of(told, "path.armed") if each["data"]["signer"] == signer]
    declared = [each for each in of(told, "signer.declared") if each["data"]["signer"] == signer]
    if armed and declared:
        committed = declared[-1]["commitments"]
        made = chain.binding(
            reference=reference,
            signer={name: committed[name] for name in NAMES if name in committed},
            documents=[{"sha256": each["sha256"], "role": each["role"]} for each in armed[-1]["documents"]],
            consents=[{"id": each["id"], "sha256": each["sha256"]} for each in armed[-1]["consents"]],
        )
        need(made == said, "binding")
