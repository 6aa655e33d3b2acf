"""What an addendum says, against the dossier that it follows (docs/container.md)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from evidence import chain
from evidence.verify.claims import need


def check(
    content: bytes, *, n: int, previous: bytes, reference: str, trail: str, attached: Callable[[str], bytes]
) -> None:
    """Check its place, its entry and openings, the files that go with it. Raises `NotSound`.

    `previous`: the addendum before it, or dossier.xml; `trail`: that of the dossier's entries; `attached` gives a file.
    """
    said = json.loads(content)
    place = (said["n"], said["previous"], said["reference"])
    need(place == (n, hashlib.sha256(previous).hexdigest(), reference), "addendum")
    for each in (*said.get("earlier", ()), said):
        _line(each, trail)
    for file in said["files"]:
        need(hashlib.sha256(attached(file["name"])).hexdigest() == file["sha256"], "file", file["name"])


def _line(said: Mapping[str, Any], trail: str) -> None:
    exact = said["line"].encode()
    entry = chain.members(exact)
    need((chain.digest(exact), entry["trail"]) == (said["digest"], trail), "addendum")
    need(chain.canonical(entry) == exact, "canonical")
    for opening in said["openings"]:
        made = chain.commit(opening["value"], bytes.fromhex(opening["salt"]))
        need(entry["commitments"].get(opening["field"]) == made, "opening", opening["field"])
