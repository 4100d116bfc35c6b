"""Merkle trees as RFC 6962 has them: the vectors of its authors, and every proof of every small tree."""

import pytest

from ledger.merkle import (
    EMPTY,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    root,
    tree_of,
)

# The leaves and roots by which implementations of Certificate Transparency are compared.
DATA = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(data) for data in DATA]
MANY = [leaf_hash(bytes([number])) for number in range(18)]


def test_roots_are_those_of_the_vectors() -> None:
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [root(tree_of(LEAVES), size).hex() for size in range(1, 9)] == ROOTS


def test_proofs_are_those_of_the_vectors() -> None:
    tree = tree_of(LEAVES)
    assert [step.hex() for step in inclusion_proof(tree, 0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [step.hex() for step in consistency_proof(tree, 6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_leaf_of_every_small_tree_is_proven_and_no_other() -> None:
    tree = tree_of(MANY)
    for size in range(1, len(MANY) + 1):
        top = root(tree, size)
        for place in range(size):
            proof = inclusion_proof(tree, place, size)
            assert is_included(MANY[place], place, size, proof, top)
            assert not is_included(MANY[(place + 1) % 18], place, size, proof, top)
            assert not is_included(MANY[place], place, size, [*proof, top], top)


def test_every_growth_is_proven_and_no_other() -> None:
    tree = tree_of(MANY)
    for second in range(1, len(MANY) + 1):
        for first in range(1, second + 1):
            old, new = root(tree, first), root(tree, second)
            proof = consistency_proof(tree, first, second)
            assert is_consistent(first, second, proof, old, new)
            assert not is_consistent(first, second, proof, leaf_hash(old), new)
            assert not is_consistent(first, second, proof, old, leaf_hash(new))


@pytest.mark.parametrize(("place", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_leaf_that_is_not_there_has_no_proof(place: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(tree_of(LEAVES), place, size)
    assert not is_included(LEAVES[0], place, size, [], LEAVES[0])
