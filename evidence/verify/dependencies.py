"""What an object of a revision leads to, and what nothing leads to: asked for every pair of revisions, found once.

With n signers there are as many revisions, and each is compared with all that follow, field by field: the same drawing
is followed n times from each of n revisions. What is followed depends on the revision since which objects count only
where one of them came in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from pyhanko.pdf_utils.generic import IndirectObject, Reference
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis.policies import _find_orphans

_ENDLESS = float("inf")
_FOLLOWED, _ORPHANS = "paraphe_followed", "paraphe_orphans"
"""Attributes of a revision, with which they end."""


@dataclass(frozen=True)
class _Followed:
    """What was found counting objects `since` a revision; the oldest of them came in `oldest`.

    `start` is kept as it is told apart by its identity.
    """

    start: Any
    references: frozenset[Reference]
    since: int
    oldest: float


def follow_once() -> None:
    """Have pyHanko ask here, in this process; done once, however often it is called."""
    place: Any = HistoricalResolver
    if not hasattr(place.collect_dependencies, "__wrapped__"):
        place.collect_dependencies = _followed_once(place.collect_dependencies)


def orphans(revision: HistoricalResolver) -> frozenset[Reference]:
    """New objects of a revision that nothing refers to."""
    kept: dict[str, frozenset[Reference]] = vars(revision)  # no table of ours: what is in it leads back to its key
    if _ORPHANS not in kept:
        find: Any = _find_orphans
        kept[_ORPHANS] = frozenset(find(revision))
    return kept[_ORPHANS]


def _followed_once(collect: Callable[..., set[Reference]]) -> Callable[..., set[Reference]]:
    """What was found since a revision is found since a later one, up to that in which the oldest of it came.

    Objects from before the first of the two are not followed in either case, and all others are.
    """

    @wraps(collect)
    def known(self: Any, obj: Any, since_revision: int | None = None) -> set[Reference]:
        if since_revision is None:
            return collect(self, obj)
        kept = vars(self).setdefault(_FOLLOWED, {})
        start = obj.reference if isinstance(obj, IndirectObject) else id(obj)
        found = kept.get(start)
        if found is None or not found.since <= since_revision <= found.oldest:
            references = frozenset(collect(self, obj, since_revision))
            came = self.reader.xrefs.get_introducing_revision
            oldest = min(map(came, references), default=_ENDLESS)
            found = kept[start] = _Followed(obj, references, since_revision, oldest)
        return set(found.references)

    return known
