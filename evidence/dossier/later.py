"""The attestation, told last; and what the format has and this version leaves empty: archive, verification."""

from dataclasses import dataclass
from typing import Annotated

from evidence.dossier.parts import Instant, Part, Sha256, Text


@dataclass(frozen=True)
class Deposit(Part):
    """A deposit in an archive and its receipt, verbatim."""

    archive: str
    id: Annotated[str, "identifier that the archive gave"]
    at: Instant
    sha256: Annotated[Sha256, "digest of what was deposited"]
    text: Annotated[Text, "the receipt"]


@dataclass(frozen=True)
class Archive(Part):
    """Where signed files and dossier are kept."""

    deposit: tuple[Deposit, ...]


@dataclass(frozen=True)
class Attestation(Part):
    """The attestation of certificate issuance and signature realisation, naming operator and policy."""

    at: Instant
    operator: Annotated[str | None, "who attests: name and organizationIdentifier"]
    policy: Annotated[str | None, "policy of the certificate; absent where none was issued"]
    text: Text


@dataclass(frozen=True)
class Report(Part):
    """A report of verification."""

    subject: Annotated[str, "what was verified"]
    verdict: str
    at: Instant
    text: Text


@dataclass(frozen=True)
class Verification(Part):
    """Reports of verification."""

    report: tuple[Report, ...]
