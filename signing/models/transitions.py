"""The one check of a transition table."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

State = TypeVar("State")


class StateChanged(Exception):
    """The row is not, or no longer, in a state from which this change is possible."""


def checked(table: Mapping[State, Sequence[State]], old: State, new: State) -> None:
    """Raise `StateChanged` where the table does not lead from the old state to the new one."""
    if new not in table[old]:
        raise StateChanged(f"no way from {old} to {new}")
