"""Where the entries of a signed revision lead (ISO 32000-2, 7.5.4): to their objects, or readers look for them.

A reader that finds no object where the table says builds all tables anew, from whatever looks like an object. What it
shows then is for it to choose, and may be another thing for each: so it is for whoever adds what sets it off.
"""

from __future__ import annotations

from typing import Any

from evidence.sections.syntax import Content, header_at

_WHITE = b"\x00\t\n\x0c\r "
_MOST_BLANKS = 64


def all_found(content: Content, reader: Any, revision: int) -> bool:
    """Whether there is an object of that number wherever an entry, as it stands in a revision, says so.

    White space before it is let pass, as readers do. Offset 0 is how some programs call an object free.
    """
    sections = reader.xrefs
    asked = {each for number in range(revision + 1) for each in sections.explicit_refs_in_revision(number)}
    places = ((each.idnum, sections.get_historical_ref(each, revision)) for each in asked)
    return all(_is_there(content, place, number) for number, place in places if isinstance(place, int) and place)


def _is_there(content: Content, place: int, number: int) -> bool:
    head = bytes(content[place : place + _MOST_BLANKS])
    found = header_at(content, place + len(head) - len(head.lstrip(_WHITE)))
    return found is not None and found.number == number
