"""Heads of the log: how many lines it had and the root of its Merkle tree then; kept elsewhere, they bind it.

A head is written as a line of text, SIZE ROOT, in files, mails and on paper; whatever stands around is left.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WRITTEN: Final = re.compile(r"(?<![0-9a-fA-F])([0-9]{1,18})[ \t]+([0-9a-f]{64})(?![0-9a-fA-F])")


@dataclass(frozen=True, order=True)
class LogHead:
    """A head: two logs with the same head are the same up to there."""

    size: int
    root: str
    """Hexadecimal, 64 digits; of an empty log the hash of nothing."""

    def __str__(self) -> str:
        return f"{self.size} {self.root}"


def heads_in(text: str) -> Sequence[LogHead]:
    """Every head that a text holds, the smallest first."""
    return sorted({LogHead(int(size), root) for size, root in WRITTEN.findall(text)})
