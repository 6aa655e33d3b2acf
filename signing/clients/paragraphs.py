"""Plain text as people write it, in paragraphs: no markup of theirs ever reaches a page."""

from dataclasses import dataclass
from typing import Literal

TITLE, ITEM = "## ", "- "


@dataclass(frozen=True)
class Block:
    """A title or a paragraph (`lines` holds its one text), or a list (one text for each element)."""

    kind: Literal["title", "paragraph", "list"]
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """The blocks of a text: an empty line ends one, `## ` begins a title, `- ` an element of a list.

    A line break inside a paragraph is a blank. Nothing is escaped here: what shows the blocks does it.
    """
    found: list[Block] = []
    for line in (*text.splitlines(), ""):
        last = found[-1] if found else None
        if not line.strip():
            found.append(Block("paragraph", ()))  # ends whatever went before; taken out below
        elif line.startswith(TITLE):
            found += [Block("title", (line.removeprefix(TITLE).strip(),)), Block("paragraph", ())]
        elif line.startswith(ITEM):
            before = found.pop().lines if last and last.kind == "list" else ()
            found.append(Block("list", (*before, line.removeprefix(ITEM).strip())))
        elif last and last.kind != "title" and last.lines:
            lines = found.pop().lines
            found.append(Block(last.kind, (*lines[:-1], f"{lines[-1]} {line.strip()}")))
        else:
            found.append(Block("paragraph", (line.strip(),)))
    return [block for block in found if block.lines]
