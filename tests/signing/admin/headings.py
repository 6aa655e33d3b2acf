"""The headings of pages, as whoever cannot see them moves through them."""

import re
from itertools import pairwise


def jumps_of(page: str) -> list[str]:
    """What is wrong with the headings of a page (WCAG 1.3.1): not one of the first level, or a level left out."""
    levels = [int(each) for each in re.findall(r"<h([1-6])[ >]", page)]
    found = [] if levels.count(1) == 1 else [f"{levels.count(1)} of the first level"]
    return found + [f"{one} to {next_}" for one, next_ in pairwise(levels) if next_ > one + 1]
