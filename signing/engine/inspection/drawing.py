"""How often the forms of a document are painted: forms that paint forms grow by multiplication (ISO 32000-2, 8.10).

A kilobyte can ask a viewer for a billion strokes, and nobody would see its page. What counts is what contents paint,
not what their resources list: many producers give all forms one dictionary of resources.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pikepdf

from signing.engine.inspection.causes import Objection
from signing.engine.refusals import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_FORMS = 2_000_000
"""Forms that the pages of a document may paint, all together; a dense map paints some ten thousand."""
_LIGHT = 100
"""Forms within a form that are not worth counting on pages."""
_DEEPEST = 64

_PAINTED = re.compile(rb"/([^\x00\s/<>\[\](){}%]+)\s+Do\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")

Key = tuple[int, int]


def check_drawing_ends(pages: Iterable[pikepdf.Object], streams: Iterable[pikepdf.Object]) -> None:
    """Raise `Objection` BOMB where pages paint more forms than anybody waits for."""
    forms = _Forms({each.objgen: each for each in streams if each.get("/Subtype") == "/Form"})
    if max((forms.weight(key) for key in forms.by_key), default=0) <= _LIGHT:
        return
    painted = 0
    for page in pages:
        value = page.get("/Contents")
        contents = list(value) if isinstance(value, pikepdf.Array) else [value]
        parts = [part for part in contents if isinstance(part, pikepdf.Stream)]
        painted += sum(count * forms.weight(key) for key, count in forms.painted(parts, _inherited(page)).items())
        if painted > MOST_FORMS:
            raise Objection(Label.BOMB, f"{painted} forms painted")


@dataclass
class _Forms:
    """The forms of a document, and how many are painted where one is: itself and those within."""

    by_key: Mapping[Key, pikepdf.Object]
    weights: dict[Key, int] = field(default_factory=dict)
    shared: dict[Key, dict[bytes, Key]] = field(default_factory=dict)

    def weight(self, key: Key) -> int:
        """One for a form that is being weighed: viewers paint no form within itself."""
        if key not in self.weights:
            self.weights[key] = 1
            form = self.by_key[key]
            within = self.painted([form], form.get("/Resources"))
            self.weights[key] = 1 + sum(min(count * self.weight(each), MOST_FORMS) for each, count in within.items())
        return self.weights[key]

    def painted(self, contents: Iterable[pikepdf.Object], resources: object) -> Counter[Key]:
        """How often contents paint which form that their resources name."""
        objects = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
        forms = self._named(objects) if isinstance(objects, pikepdf.Dictionary) else {}
        if not forms:
            return Counter()
        names = (_plain(found[1]) for part in contents for found in _PAINTED.finditer(part.read_bytes()))
        return Counter(forms[name] for name in names if name in forms)

    def _named(self, objects: pikepdf.Object) -> dict[bytes, Key]:
        """The forms of a dictionary by their names; one that many share is read once."""
        if objects.objgen in self.shared:
            return self.shared[objects.objgen]
        keys = {name.encode(): each.objgen for name, each in objects.items() if isinstance(each, pikepdf.Stream)}
        found = {name: key for name, key in keys.items() if key in self.by_key}
        if objects.is_indirect:
            self.shared[objects.objgen] = found
        return found


def _plain(name: bytes) -> bytes:
    return b"/" + _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), name)


def _inherited(page: pikepdf.Object) -> object:
    """The resources of a page, its own or those of a node above it (7.7.3.4)."""
    node: object = page
    for _ in range(_DEEPEST):
        if not isinstance(node, pikepdf.Dictionary):
            return None
        if "/Resources" in node:
            return node["/Resources"]
        node = node.get("/Parent")
    return None
