"""Digests of what signatures cover, made in one reading of a file."""

import hashlib
import io

from hypothesis import given
from hypothesis import strategies as st

from evidence.verify.coverage import Digests, Embedded

FILE = bytes(range(256)) * 20
PLACES = st.lists(st.integers(0, len(FILE)), min_size=4, max_size=4).map(sorted)


@given(st.lists(st.tuples(PLACES, st.sampled_from(["sha1", "sha256", "sha512"])), max_size=8))
def test_they_are_those_of_the_parts_in_whatever_order(asked: list[tuple[list[int], str]]) -> None:
    """sha512 was not announced: it is made in a reading of its own."""
    digests = Digests(io.BytesIO(FILE), ["sha1"])
    for (prefix, first, second, end), algorithm in asked:
        embedded = Embedded("Field", is_timestamp=False, byte_range=(0, first, second, end - second), contents=b"")
        wanted = hashlib.new(algorithm, FILE[:first] + FILE[second:end]).digest()
        assert digests.of_covered(embedded, algorithm) == wanted
        assert digests.of_prefix(prefix) == hashlib.sha256(FILE[:prefix]).hexdigest()


class Counting(io.BytesIO):
    """Counts what is read of it."""

    octets = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.octets += len(piece)
        return piece


def test_what_is_asked_for_in_order_is_read_once() -> None:
    file = Counting(FILE)
    digests = Digests(file, ["sha512"])
    digests.of_prefix(1000)
    for first in (2000, 3000, 4000):
        embedded = Embedded("Field", is_timestamp=False, byte_range=(0, first, first + 100, 50), contents=b"")
        digests.of_covered(embedded, "sha512")
        digests.of_covered(embedded, "sha256")
    assert file.octets == 4000 + 3 * 2 * 50
