"""Baseline levels of PAdES (EN 319 142-1, clause 6) and the digests that signatures are made with."""

from enum import StrEnum

DIGESTS = ("sha256", "sha512")


class Level(StrEnum):
    """Each level holds what those before it hold."""

    B = "PAdES_BASELINE_B"
    T = "PAdES_BASELINE_T"
    LT = "PAdES_BASELINE_LT"
    LTA = "PAdES_BASELINE_LTA"

    @property
    def is_stamped(self) -> bool:
        """Whether a time stamp stands over the signature value."""
        return self != Level.B

    @property
    def is_long_term(self) -> bool:
        """Whether certificates and revocation lists stand in the file."""
        return self in {Level.LT, Level.LTA}

    @property
    def is_archival(self) -> bool:
        """Whether a time stamp closes the file."""
        return self == Level.LTA
