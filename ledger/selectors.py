"""Questions to the log: heads, day by day, and proofs. Each reads a few lines, however long the log is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Max

from ledger.heads import LogHead
from ledger.merkle import (
    Tree,
    consistency_proof,
    frontier,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    root_of,
    split,
)
from ledger.models import LogLine

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class DayHead:
    """The head of the log at the end of a day."""

    day: date
    head: LogHead


@dataclass(frozen=True)
class InclusionProof:
    """That a line stands in the log of a head."""

    line: LogLine
    head: LogHead
    hashes: Sequence[str]

    @property
    def place(self) -> int:
        """As the RFC counts, from 0."""
        return self.line.number - 1


@dataclass(frozen=True)
class ConsistencyProof:
    """That the log of the second head begins with that of the first."""

    first: LogHead
    second: LogHead
    hashes: Sequence[str]


def size_of_log() -> int:
    """How many lines there are; one query."""
    last = LogLine.objects.order_by("-number").values_list("number", flat=True).first()
    return last or 0


def current_head() -> LogHead:
    """The head as things stand; two queries."""
    return head_at(size_of_log())


def head_at(size: int) -> LogHead:
    """The head when the log had so many lines, which it must have had; one query."""
    return _heads([size])[0]


def day_heads(first: int, count: int) -> Sequence[DayHead]:
    """The heads of days on which lines were written, newest first: count of them from the first (0)."""
    days = LogLine.objects.order_by("-day").values("day").annotate(size=Max("number"))
    found = [(row["day"], row["size"]) for row in days[first : first + count]]
    heads = _heads([size for _, size in found])
    return [DayHead(day, head) for (day, _), head in zip(found, heads, strict=True)]


def day_count() -> int:
    """On how many days lines were written."""
    return LogLine.objects.values("day").distinct().count()


def prove_lines(lines: Iterable[LogLine], size: int) -> Sequence[InclusionProof]:
    """That lines stand in the log of a size; one query for all.

    Raises:
        ValueError: a line came later.
    """
    wanted = list(lines)

    def proofs(tree: Tree) -> list[list[bytes]]:
        return [inclusion_proof(tree, line.number - 1, size) for line in wanted]

    found = _asked(lambda tree: ([root(tree, size)], *proofs(tree)))
    head = LogHead(size, found[0][0].hex())
    return [
        InclusionProof(line, head, [step.hex() for step in steps])
        for line, steps in zip(wanted, found[1:], strict=True)
    ]


def prove_growth(first: int, second: int) -> ConsistencyProof:
    """That the log only grew from one size to another; one query.

    Raises:
        ValueError: not 0 < first <= second.
    """
    steps, (one, two) = _asked(
        lambda tree: (consistency_proof(tree, first, second), [root(tree, first), root(tree, second)])
    )
    return ConsistencyProof(
        LogHead(first, one.hex()), LogHead(second, two.hex()), [step.hex() for step in steps]
    )


def _heads(sizes: Sequence[int]) -> Sequence[LogHead]:
    wanted = {number for size in sizes for number in frontier(size)}
    stored = LogLine.objects.filter(number__in=wanted).values_list("number", "node")
    nodes = {number: bytes.fromhex(node) for number, node in stored} if wanted else {}
    return [LogHead(size, root_of([nodes[number] for number in frontier(size)]).hex()) for size in sizes]


def _asked(question: Callable[[Tree], Answer]) -> Answer:
    """Ask once to learn which lines it takes, read those in one query, and ask again."""
    needed: set[int] = set()

    def note(number: int) -> tuple[bytes, bytes]:
        needed.add(number)
        return b"", b""

    question(_tree(note))
    stored = LogLine.objects.filter(number__in=needed).values_list("number", "sha256", "node")
    lines = {number: (bytes.fromhex(sha256), bytes.fromhex(node)) for number, sha256, node in stored}
    return question(_tree(lines.__getitem__))


def _tree(line: Callable[[int], tuple[bytes, bytes]]) -> Tree:
    """The tree of stored lines, of each of which the hash and the node are asked for."""

    def hashed(start: int, end: int) -> bytes:
        size = end - start
        if size == 1:
            return leaf_hash(line(end)[0])
        # The largest power of two in a number is the size of the subtree that its line has.
        if end & -end == size:
            return line(end)[1]
        middle = start + split(size)
        return node_hash(hashed(start, middle), hashed(middle, end))

    return hashed
