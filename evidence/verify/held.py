"""What the objects of a file refer to, read once for all its revisions.

Each revision that somebody signed is asked for the ways to what came after it, and nearly all of its objects are those
of the revisions before. They are taken as they stand, so references inside of encrypted ones are seen, too: only
strings and streams are encrypted (ISO 32000-2, 7.6.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference

from evidence.verify.ways import Place, Steps, references

Edge = tuple[Steps, Any, Place]
"""Steps from an object, the reference to which they lead, and where a way is then."""
_OF_TRAILERS = {"/Root", "/Info", "/ID", "/Encrypt"}
"""Of these the newest counts, which the trailer of a revision has."""
_READ = "paraphe_read"
"""Attribute of a reader, with which it ends: what is kept there leads back to it."""


def held(resolver: Any, reference: Any, place: Place) -> list[Edge]:
    """What an object holds in a revision, where a way to it is at `place`."""
    known: dict[Any, list[Edge]] = vars(resolver.reader).setdefault(_READ, {})
    where = resolver.reader.xrefs.get_historical_ref(reference, resolver.revision)
    asked = (reference, where, place)
    if asked not in known:
        known[asked] = list(references(_as_it_stands(resolver, reference, where), place))
    return known[asked]


def held_by_trailer(resolver: Any) -> list[Edge]:
    return [*references(resolver.trailer_view, Place.TRAILER), *_containers(resolver)]


def _as_it_stands(resolver: Any, reference: Any, where: Any) -> Any:
    reader = resolver.reader
    revision = None if reader.xrefs[reference] == where else resolver.revision  # the newest is in its cache
    found = reader.get_object(reference, revision, transparent_decrypt=False)
    return found.raw_object if isinstance(found, generic.DecryptedObjectProxy) else found


def _containers(resolver: Any) -> Iterator[Edge]:
    """Streams that hold objects or sections: readers ask for what their dictionaries name before they have anything."""
    sections = resolver.reader.xrefs
    for revision in range(resolver.revision + 1):
        for reference in sections.object_streams_used_in(revision):
            yield ("/ObjStm", reference.idnum), Reference(reference.idnum, 0, resolver), Place.ELSEWHERE
        data = sections.get_xref_data(revision)
        infos = [sections.get_xref_container_info(revision), *([data.hybrid.meta_info] if data.hybrid else [])]
        for reference in (each.stream_ref for each in infos if each.stream_ref):
            section = resolver(Reference(reference.idnum, reference.generation, resolver))
            for steps, named, place in references(section, Place.ELSEWHERE):
                if steps[0] not in _OF_TRAILERS:
                    yield ("/XRef", reference.idnum, *steps), named, place
