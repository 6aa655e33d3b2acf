"""A Merkle tree over leaves that are hashed already (RFC 9162, 2.1): roots, inclusion and consistency proofs.

Pure: nodes come from whoever keeps them. Only complete subtrees are kept (2^level leaves, the index-th of its level):
they never change again, and every older size of the tree is rebuilt from them in O(log n).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

EMPTY = hashlib.sha256(b"").digest()

Nodes = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree at (level, index)."""


@dataclass(frozen=True)
class Node:
    """A complete subtree: level 0 is a leaf."""

    level: int
    index: int
    hash: bytes


def parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def parents(level: Sequence[bytes]) -> list[bytes]:
    """The nodes over a whole level, one for each two; one that is left at the end has none yet."""
    sha256 = hashlib.sha256
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(level[0::2], level[1::2], strict=False)]


def peaks(size: int) -> Iterator[tuple[int, int]]:
    """Level and index of the complete subtrees that a tree of `size` leaves falls into, from left to right."""
    first = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            yield level, first >> level
            first += 1 << level


def grown(size: int, left: dict[int, bytes], leaves: Iterable[bytes]) -> Iterator[Node]:
    """The nodes that a tree of `size` leaves gets with these leaves. `left`: its peaks by level; they are kept true."""
    for index, leaf in enumerate(leaves, start=size):
        node = Node(0, index, leaf)
        yield node
        while node.index & 1:
            node = Node(node.level + 1, node.index >> 1, parent(left.pop(node.level), node.hash))
            yield node
        left[node.level] = node.hash


def root(size: int, nodes: Nodes) -> bytes:
    """The root of the tree's first `size` leaves."""
    return _range(0, size, nodes) if size else EMPTY


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `size` leaves, from the leaf up (2.1.3.1). Raises ValueError."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    proof: list[bytes] = []
    first, count = 0, size
    while count > 1:
        half = _split(count)
        if index < first + half:
            proof.append(_range(first + half, count - half, nodes))
            count = half
        else:
            proof.append(_range(first, half, nodes))
            first, count = first + half, count - half
    return proof[::-1]


def consistency(older: int, size: int, nodes: Nodes) -> list[bytes]:
    """The proof that the tree of `size` leaves continues that of `older` ones (2.1.4.1). Raises ValueError."""
    if not 1 <= older <= size:
        raise ValueError(f"no tree of {older} leaves before one of {size}")
    proof: list[bytes] = []
    first, count, whole = 0, size, True
    while older != first + count:
        half = _split(count)
        if older <= first + half:
            proof.append(_range(first + half, count - half, nodes))
            count = half
        else:
            proof.append(_range(first, half, nodes))
            first, count, whole = first + half, count - half, False
    return (proof if whole else [*proof, _range(first, count, nodes)])[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether a proof leads from the leaf to the root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = parent(each, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = parent(found, each)
        at, last = at >> 1, last >> 1
    return last == 0 and found == expected


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _range(first: int, count: int, nodes: Nodes) -> bytes:
    """The hash over `count` leaves from `first`, which is a multiple of a power of two that is not smaller."""
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return nodes(level, first >> level)
    half = _split(count)
    return parent(
        nodes(half.bit_length() - 1, first >> half.bit_length() - 1), _range(first + half, count - half, nodes)
    )
