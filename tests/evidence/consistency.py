"""The verification of a consistency proof, as whoever keeps our checkpoints does it (RFC 9162, 2.1.4.2)."""

from collections.abc import Sequence

from evidence.merkle import parent


def is_consistent(older: int, size: int, proof: Sequence[bytes], before: bytes, after: bytes) -> bool:
    """Whether a proof leads to both roots (2.1.4.2)."""
    if not 1 <= older <= size:
        return False
    if older == size:
        return not proof and before == after
    path = [before, *proof] if older & (older - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = older - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = parent(each, old), parent(each, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = parent(new, each)
        at, last = at >> 1, last >> 1
    return last == 0 and (old, new) == (before, after)
