import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import chain

AT = datetime(2026, 11, 23, 14, 29, 3, 123987, tzinfo=UTC)
TRAIL = "0198f0a0-0000-7000-8000-000000000001"


def link(seq: int, previous: str, **changes: object) -> chain.Link:
    members = {"v": 1, "trail": TRAIL, "seq": seq, "previous": previous, "data": {"n": seq}} | changes
    canonical = chain.canonical(members)
    return chain.Link(seq=seq, digest=chain.digest(canonical), canonical=canonical)


def three() -> list[chain.Link]:
    links, previous = [], chain.GENESIS
    for seq in (1, 2, 3):
        links.append(link(seq, previous))
        previous = links[-1].digest
    return links


def walk(links: list[chain.Link]) -> list[int]:
    return [int(entry["seq"]) for entry in chain.walk(links, trail=TRAIL)]


def test_a_whole_chain_is_read_in_order() -> None:
    assert walk(three()) == [1, 2, 3]


def test_the_digest_is_the_leaf_hash_of_the_canonical_bytes() -> None:
    """evidence.md, Trail: digest = SHA-256(0x00 || JCS(entry without digest))."""
    canonical = chain.canonical({"b": 1, "a": "é"})
    assert canonical == '{"a":"é","b":1}'.encode()
    assert chain.digest(canonical) == hashlib.sha256(b"\x00" + canonical).hexdigest()


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_a_changed_byte_names_its_entry(bad: int) -> None:
    links = three()
    changed = links[bad].canonical.replace(b'"n":', b'"m":')
    links[bad] = chain.Link(links[bad].seq, links[bad].digest, changed)
    with pytest.raises(chain.Broken) as error:
        walk(links)
    assert error.value.seq == bad + 1


def test_an_entry_with_its_digest_made_anew_breaks_the_next_one() -> None:
    links = three()
    links[1] = link(2, links[0].digest, data={"n": "forged"})
    with pytest.raises(chain.Broken) as error:
        walk(links)
    assert error.value.seq == 3


def test_a_removed_entry_and_a_swapped_pair_are_found() -> None:
    first, second, third = three()
    with pytest.raises(chain.Broken) as error:
        walk([first, third])
    assert error.value.seq == 2
    with pytest.raises(chain.Broken):
        walk([second, first, third])


def test_an_entry_of_another_trail_is_found() -> None:
    foreign = link(1, chain.GENESIS, trail="another")
    with pytest.raises(chain.Broken):
        walk([foreign])


def test_instants_have_milliseconds_and_are_cut_not_rounded() -> None:
    assert chain.instant(AT) == "2026-11-23T14:29:03.123Z"


@given(st.binary(min_size=10, max_size=10))
def test_uuid7_has_its_version_its_variant_and_its_time(random: bytes) -> None:
    """RFC 9562 section 5.7."""
    made = chain.uuid7(AT, random)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(AT.timestamp() * 1000)


@given(st.text(), st.binary(min_size=16, max_size=32))
def test_a_commitment_opens_to_its_value_only(value: str, salt: bytes) -> None:
    """evidence.md, Trail: SHA-256(salt || value), NFC."""
    made = chain.commit(value, salt)
    assert made == chain.commit(value, salt)
    assert made != chain.commit(value + "x", salt)


def test_a_commitment_takes_both_forms_of_an_accent_for_the_same() -> None:
    salt = b"0" * 16
    assert chain.commit("é", salt) == chain.commit("e\u0301", salt)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        chain.commit("x", b"short")


def test_the_binding_changes_with_each_of_its_parts() -> None:
    """evidence.md, Binding."""
    parts: dict[str, Any] = {
        "reference": "EXS-2026-000001",
        "signer": {"email": "00"},
        "documents": [{"sha256": "11", "role": "to_sign"}],
        "consents": [{"id": "terms", "sha256": "22"}],
    }
    made = chain.binding(**parts)
    body = json.dumps({"v": 1, **parts}, sort_keys=True, separators=(",", ":")).encode()
    assert made == hashlib.sha256(body).hexdigest()
    others: list[dict[str, Any]] = [
        {"reference": "EXS-2026-000002"},
        {"signer": {"email": "01"}},
        {"documents": [{"sha256": "11", "role": "for_information"}]},
        {"consents": []},
    ]
    assert len({made, *(chain.binding(**parts | other) for other in others)}) == 5
