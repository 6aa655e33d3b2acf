"""The answer of a verification, as `manage.py verify` prints it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    intact | broken | unknown. `trust`: trusted | untrusted | unknown. `changes` after it: none | long_term |
    signatures | covered | form_filling | other | unknown.
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

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "kind": self.kind,
            "who": self.who,
            "issuer": self.issuer,
            "when": _instant(self.when) if self.when else None,
            "proven": self.proven,
            "level": self.level,
            "integrity": self.integrity,
            "trust": self.trust,
            "changes": self.changes,
            "verdict": str(self.verdict),
            "reasons": [reason.as_json() for reason in self.reasons],
        }


@dataclass(frozen=True)
class FileReport:
    """One file: `verdict` is that of its worst signature; `reasons` are those of the verdict."""

    file: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    signatures: tuple[SignatureReport, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "verdict": str(self.verdict),
            "reasons": [reason.as_json() for reason in self.reasons],
            "signatures": [signature.as_json() for signature in self.signatures],
        }


def _instant(when: datetime) -> str:
    """UTC where the zone is known; claimed times may have none."""
    return (when.astimezone(UTC) if when.tzinfo else when).isoformat()


def summed_up(file: str, signatures: list[SignatureReport], reasons: tuple[Reason, ...] = ()) -> FileReport:
    """Give the report of a file with signatures; reasons of the file itself make it `CHANGED` at least."""
    verdicts = [signature.verdict for signature in signatures] + ([Verdict.CHANGED] if reasons else [])
    worst = max(verdicts, key=_RANK.index)
    of_worst = [reason for each in signatures if each.verdict is worst for reason in each.reasons]
    return FileReport(file, worst, tuple(dict.fromkeys((*reasons, *of_worst))), tuple(signatures))
