"""How a check fails: it raises, it never returns False."""

from __future__ import annotations


class NotSound(Exception):
    """A signed file is not what it has to be. `check`: stable name of what failed; `sentence`: for people."""

    def __init__(self, check: str, sentence: str) -> None:
        super().__init__(f"{check}: {sentence}")
        self.check = check
        self.sentence = sentence
