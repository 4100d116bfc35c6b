"""Merkle trees as in RFC 6962, section 2.1: roots, inclusion proofs, consistency proofs, and checking them.

Knows nothing of Django. A tree is asked for by a function of two places: it gives the hash of the leaves from
the first place (counted from 0) to before the second. selectors.py has one that reads stored lines; each
keeps the hash of the largest whole subtree that ends with it: its node.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Final

# Two beginnings, so that nobody can pass a node off as a leaf.
LEAF: Final = b"\x00"
NODE: Final = b"\x01"
EMPTY: Final = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

Tree = Callable[[int, int], bytes]
"""The hash of the leaves from a place to before another; the two differ."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of what stands above two nodes."""
    return hashlib.sha256(NODE + left + right).digest()


def split(size: int) -> int:
    """Where a tree of a size (at least 2) parts: the largest power of two that is smaller."""
    return int(1 << (size - 1).bit_length() - 1)


def tree_of(leaves: Sequence[bytes]) -> Tree:
    """The tree of leaves that are held in memory, each already hashed."""

    def hashed(start: int, end: int) -> bytes:
        if end - start == 1:
            return leaves[start]
        middle = start + split(end - start)
        return node_hash(hashed(start, middle), hashed(middle, end))

    return hashed


def root(tree: Tree, size: int) -> bytes:
    """The root of the first leaves of a tree."""
    return tree(0, size) if size else EMPTY


def node_ending_with(number: int, sha256: str, nodes: Mapping[int, bytes]) -> bytes:
    """The hash of the largest whole subtree that ends with a line.

    Args:
        nodes: those of the lines before, at least of frontier(number - 1).
    """
    node, size = leaf_hash(bytes.fromhex(sha256)), 1
    while number % (2 * size) == 0:
        node = node_hash(nodes[number - size], node)
        size *= 2
    return node


def frontier(size: int) -> Sequence[int]:
    """The lines with which the whole subtrees of a tree end, the smallest subtree first."""
    found = []
    while size:
        found.append(size)
        size &= size - 1
    return found


def root_of(nodes: Sequence[bytes]) -> bytes:
    """The root above whole subtrees, the smallest first; the nodes of frontier()."""
    if not nodes:
        return EMPTY
    above, *larger = nodes
    for node in larger:
        above = node_hash(node, above)
    return above


def inclusion_proof(tree: Tree, place: int, size: int) -> list[bytes]:
    """The hashes that lead from a leaf to the root of a size, nearest first.

    Raises:
        ValueError: no leaf at that place in a tree of that size.
    """
    if not 0 <= place < size:
        raise ValueError(f"no leaf {place} among {size}")
    return _path(tree, place, 0, size)


def _path(tree: Tree, place: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + split(end - start)
    if place < middle:
        return [*_path(tree, place, start, middle), tree(middle, end)]
    return [*_path(tree, place, middle, end), tree(start, middle)]


def consistency_proof(tree: Tree, first: int, second: int) -> list[bytes]:
    """The hashes that show that a tree only grew from one size to another.

    Raises:
        ValueError: not 0 < first <= second.
    """
    if not 0 < first <= second:
        raise ValueError(f"no growth from {first} to {second}")
    return _growth(tree, first, 0, second, is_root=True)


def _growth(tree: Tree, first: int, start: int, end: int, *, is_root: bool) -> list[bytes]:
    if first == end:
        return [] if is_root else [tree(start, end)]
    middle = start + split(end - start)
    if first <= middle:
        return [*_growth(tree, first, start, middle, is_root=is_root), tree(middle, end)]
    return [*_growth(tree, first, middle, end, is_root=False), tree(start, middle)]


def is_included(leaf: bytes, place: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether a proof leads from a leaf to a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= place < size:
        return False
    own, last, found = place, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if own & 1 or own == last:
            found = node_hash(sibling, found)
            while not own & 1 and own:
                own, last = own >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        own, last = own >> 1, last >> 1
    return last == 0 and found == root_hash


def is_consistent(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Whether a proof shows that the tree of the second root begins with that of the first (2.1.4.2)."""
    if first == second:
        return not proof and first_root == second_root
    if not 0 < first < second or not proof:
        return False
    # A whole tree of a power of two is its own first step.
    steps = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    own, last = first - 1, second - 1
    while own & 1:
        own, last = own >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if own & 1 or own == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not own & 1 and own:
                own, last = own >> 1, last >> 1
        else:
            new = node_hash(new, step)
        own, last = own >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
