"""The answer of a verification, as `manage.py verify` prints it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from evidence.verify.reasons import Reason


class Verdict(StrEnum):
    """From best to worst for a signed file; `UNSIGNED` and `UNREADABLE` are for files without signatures to judge."""

    VALID = "valid"
    UNTRUSTED = "untrusted"
    CHANGED = "changed"
    INVALID = "invalid"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


_RANK = list(Verdict)


@dataclass(frozen=True)
class SignatureReport:
    """One signature or document time stamp.

    `who`, `issuer`: common names of the certificate. `when`: the proven time, or the claimed one where `proven` is
    false. `level`: B-B to B-LTA, "CMS" for signatures that are no PAdES, "RFC 3161" for time stamps. `integrity`:
    intact | broken | unknown. `trust`: trusted | untrusted | unknown. `changes` after it: none | saved | long_term |
    signatures | metadata | completed | covered | form_filling | other | unknown. `revision`: which one was signed,
    counted from 1, and `covered`: how many bytes from the first on, the signature itself left out; 0 where that is not
    known. `proof` of the time: signature_timestamp | document_timestamp, by the authority `proven_by`; empty where it
    is claimed only.
    `chain`: common names from the issuer up to the root, whose SHA-256 is `root`; empty where none was found.
    """

    field: str
    kind: str
    who: str
    issuer: str
    when: datetime | None
    proven: bool
    level: str
    integrity: str
    trust: str
    changes: str
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    revision: int = 0
    covered: int = 0
    proof: str = ""
    proven_by: str = ""
    chain: tuple[str, ...] = ()
    root: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "kind": self.kind,
            "who": self.who,
            "issuer": self.issuer,
            "when": _instant(self.when) if self.when else None,
            "proven": self.proven,
            "proof": self.proof,
            "proven_by": self.proven_by,
            "level": self.level,
            "integrity": self.integrity,
            "trust": self.trust,
            "changes": self.changes,
            "chain": list(self.chain),
            "root": self.root,
            "revision": self.revision,
            "covered": self.covered,
            "verdict": str(self.verdict),
            "reasons": [reason.as_json() for reason in self.reasons],
        }


@dataclass(frozen=True)
class FileReport:
    """One file: `verdict` is that of its worst signature; `reasons` are those of the verdict.

    `size` in bytes; `revisions`: how many it has, 0 where nobody counted them.
    """

    file: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    signatures: tuple[SignatureReport, ...] = ()
    size: int = 0
    revisions: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "verdict": str(self.verdict),
            "reasons": [reason.as_json() for reason in self.reasons],
            "signatures": [
                signature.as_json() | {"revisions": self.revisions, "size": self.size} for signature in self.signatures
            ],
        }

    def packed(self) -> dict[str, Any]:
        """For another process; `unpacked` makes the same of it."""
        return {
            **asdict(self),
            "signatures": [
                {**asdict(signature), "when": signature.when.isoformat() if signature.when else None}
                for signature in self.signatures
            ],
        }

    @classmethod
    def unpacked(cls, packed: dict[str, Any]) -> FileReport:
        signatures = [
            SignatureReport(
                **each
                | {
                    "when": datetime.fromisoformat(each["when"]) if each["when"] else None,
                    "verdict": Verdict(each["verdict"]),
                    "reasons": _reasons(each),
                    "chain": tuple(each["chain"]),
                }
            )
            for each in packed["signatures"]
        ]
        verdict = Verdict(packed["verdict"])
        return cls(**packed | {"verdict": verdict, "reasons": _reasons(packed), "signatures": tuple(signatures)})


def _reasons(packed: dict[str, Any]) -> tuple[Reason, ...]:
    return tuple(Reason(**each) for each in packed["reasons"])


def _instant(when: datetime) -> str:
    """UTC where the zone is known; claimed times may have none."""
    return (when.astimezone(UTC) if when.tzinfo else when).isoformat()


def summed_up(file: str, signatures: list[SignatureReport], reasons: tuple[Reason, ...] = ()) -> FileReport:
    """Give the report of a file with signatures; reasons of the file itself make it `CHANGED` at least."""
    verdicts = [signature.verdict for signature in signatures] + ([Verdict.CHANGED] if reasons else [])
    worst = max(verdicts, key=_RANK.index)
    of_worst = [reason for each in signatures if each.verdict is worst for reason in each.reasons]
    return FileReport(file, worst, tuple(dict.fromkeys((*reasons, *of_worst))), tuple(signatures))
