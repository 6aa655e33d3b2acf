"""The error that every step of the inspection raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signing.engine.refusals import Label


class Objection(Exception):
    """The file cannot be taken, for this cause. `detail` is for developers and is never shown."""

    def __init__(self, label: Label, detail: str = "") -> None:
        super().__init__(f"{label}: {detail}")
        self.label = label
        self.detail = detail


class Unsound(Exception):
    """The file cannot be signed as it is, though it may be after a repair."""
