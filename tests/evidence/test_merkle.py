"""The Merkle tree of RFC 9162, against the roots of RFC 6962's known eight leaves and public vectors."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import merkle
from tests.evidence.consistency import is_consistent

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# transparency-dev/merkle, testdata/inclusion/2 and testdata/consistency/2 (Apache-2.0): the same eight leaves.
LEAF_5 = "QnGia+DYqE8L1UyMMC58s6O10fpngKQLzOKHNHfatlg="
INCLUSION_5_OF_8 = [
    "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
    "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
    "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
]
CONSISTENCY_6_TO_8 = [
    "DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=",
    "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
    "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
]


class Tree:
    """A tree in memory; `at` gives its nodes, and counts how many were asked for."""

    def __init__(self, leaves: list[bytes], *, before: int = 0) -> None:
        """Leaves beyond `before` are added in a second batch."""
        self.kept: dict[tuple[int, int], bytes] = {}
        self.asked = 0
        self.size = 0
        for batch in (leaves[:before], leaves[before:]):
            left = {level: self.kept[level, index] for level, index in merkle.peaks(self.size)}
            for node in merkle.grown(self.size, left, batch):
                assert (node.level, node.index) not in self.kept
                self.kept[node.level, node.index] = node.hash
            self.size += len(batch)

    def at(self, level: int, index: int) -> bytes:
        self.asked += 1
        return self.kept[level, index]


def leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(str(n).encode()).digest() for n in range(count)]


def hashed(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


KNOWN = [hashed(bytes.fromhex(each)) for each in INPUTS]


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    tree = Tree(KNOWN)
    assert merkle.root(size, tree.at).hex() == ROOTS[size]


def test_public_vectors() -> None:
    tree = Tree(KNOWN)
    proof = [base64.b64encode(each).decode() for each in merkle.inclusion(5, 8, tree.at)]
    assert (base64.b64encode(KNOWN[5]).decode(), proof) == (LEAF_5, INCLUSION_5_OF_8)
    assert [base64.b64encode(each).decode() for each in merkle.consistency(6, 8, tree.at)] == CONSISTENCY_6_TO_8


@given(size=st.integers(1, 130), before=st.integers(0, 130), data=st.data())
def test_every_proof_holds_and_none_for_anything_else(size: int, before: int, data: st.DataObject) -> None:
    """However the leaves came in; a proof with one hash changed, cut or added, for another leaf or root, is none."""
    tree = Tree(leaves(size), before=min(before, size))
    index = data.draw(st.integers(0, size - 1))
    leaf, root, proof = tree.kept[0, index], merkle.root(size, tree.at), merkle.inclusion(index, size, tree.at)
    assert merkle.is_included(leaf, index, size, proof, root)
    other = data.draw(st.integers(0, size + 1).filter(lambda n: n != index))
    assert not merkle.is_included(leaf, other, size, proof, root)
    assert not merkle.is_included(leaf, index, size, [*proof, root], root)
    assert size == 1 or not merkle.is_included(root, index, size, proof, leaf)
    for wrong in bent(proof):
        assert not merkle.is_included(leaf, index, size, wrong, root)


@given(size=st.integers(1, 130), data=st.data())
def test_a_tree_continues_every_older_one(size: int, data: st.DataObject) -> None:
    tree = Tree(leaves(size))
    older = data.draw(st.integers(1, size))
    before, after = merkle.root(older, tree.at), merkle.root(size, tree.at)
    proof = merkle.consistency(older, size, tree.at)
    assert is_consistent(older, size, proof, before, after)
    assert not is_consistent(older, size, [*proof, before], before, after)
    if older < size:
        assert not is_consistent(older, size, proof, after, before)
        assert not is_consistent(older, size, proof, merkle.EMPTY, after)
    for wrong in bent(proof):
        assert not is_consistent(older, size, wrong, before, after)


def bent(proof: list[bytes]) -> list[list[bytes]]:
    """A proof without its last hash, and with a bit of each hash turned."""
    turned = [[*proof[:n], bytes([each[0] ^ 1]) + each[1:], *proof[n + 1 :]] for n, each in enumerate(proof)]
    return [*turned, proof[:-1]] if proof else []


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (5, 2)])
def test_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    """A negative index would have the loop of the RFC run for ever."""
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion(index, size, Tree(leaves(4)).at)
    assert not merkle.is_included(KNOWN[0], index, size, [], KNOWN[0])


@pytest.mark.parametrize(("older", "size"), [(0, 3), (-1, 3), (4, 3)])
def test_no_proof_of_trees_that_are_none(older: int, size: int) -> None:
    with pytest.raises(ValueError, match="no tree"):
        merkle.consistency(older, size, Tree(leaves(4)).at)
    assert not is_consistent(older, size, [], merkle.EMPTY, merkle.EMPTY)


def test_the_cost_grows_with_the_logarithm() -> None:
    """Nodes that are read: for a root, a proof of inclusion, one of consistency; and those that a leaf adds."""
    tree = Tree(leaves(4095))
    most = 12 * 13 // 2
    for ask in (
        lambda: merkle.root(4095, tree.at),
        lambda: merkle.inclusion(1234, 4095, tree.at),
        lambda: merkle.consistency(1235, 4095, tree.at),
    ):
        tree.asked = 0
        ask()
        assert tree.asked <= most
    assert len(tree.kept) < 2 * 4095
