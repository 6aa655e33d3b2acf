"""Scanning a journal whose writer could write digests and heads, too."""

import re
from collections.abc import Callable

import pytest

from evidence import chain, scan
from evidence.models import Entry, Opening, Trail
from tests.evidence.bare_trails import of, three

REWRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "no JSON": lambda octets: octets.replace(b'"data":{', b'"data":{:', 1),
    "two objects": lambda octets: octets.replace(b'"data":{', b'"data":{}},{"data":{', 1),
    "at of the actor": lambda octets: re.sub(
        rb'("actor":{)(.*?)},("at":"[^"]*")', rb'\1"x":{},\3,"y":{}},"at":"2020-01-01T00:00:00.000Z"', octets, count=1
    ),
    "commitments of the actor": lambda octets: re.sub(
        rb'"actor":{(.*?)},("at":"[^"]*"),"commitments":{.*?},', rb'"actor":{\1},\2,"commitments":{},', octets, count=1
    ),
    "another commitment of that name": lambda octets: octets.replace(
        b'"commitments":{', b'"commitments":{"ip":"' + b"0" * 64 + b'",', 1
    ).replace(b',"ip":"', b',"ip2":"', 1),
    "at twice": lambda octets: octets.replace(b'},"id":', b'},"at":"2020-01-01T00:00:00.000Z","x":{},"id":', 1),
    "commitments twice": lambda octets: octets.replace(b'},"id":', b'},"commitments":{},"id":', 1),
    "commitments as a number": lambda octets: octets.replace(b'},"id":', b'},"commitments":1,"x":{},"id":', 1),
    "kind twice": lambda octets: octets.replace(b',"v":1}', b',"v":1,"kind":"link.fetched"}'),
}


@pytest.mark.django_db
@pytest.mark.parametrize("how", REWRITTEN)
def test_who_can_write_digests_and_head_too_still_writes_an_entry(how: str, unlocked_entries: None) -> None:
    """Bytes are compared, not read: what they would hide is found as well, though every digest fits."""
    rows = three()
    last = Entry.objects.get(trail=rows[1], seq=3)
    octets = REWRITTEN[how](bytes(last.canonical))
    assert octets != last.canonical
    of(last).update(canonical=octets, digest=chain.digest(octets))
    Trail.objects.filter(pk=rows[1].pk).update(head_digest=chain.digest(octets))
    with pytest.raises(scan.Fault) as fault:
        list(scan.trails())
    assert (fault.value.row, fault.value.broken.seq) == (rows[1], 3)


@pytest.mark.django_db
def test_a_salt_that_is_too_short_is_named(unlocked_entries: None) -> None:
    row = three()[1]
    opening = Opening.objects.get(entry__trail=row, entry__seq=2, field="ip")
    opening.salt = b"short"
    opening.save()
    with pytest.raises(scan.Fault, match="the value kept for ip"):
        list(scan.trails())
