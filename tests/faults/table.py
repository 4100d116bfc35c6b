"""The table of what came of the faults."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

HEADS: Final = (
    "engine",
    "fault",
    "rounds",
    "requests",
    "written",
    "unanswered",
    "hindered",
    "lost",
    "half",
    "errors",
)
WIDTHS: Final = (11, 32, 7, 9, 8, 11, 9, 5, 5, 6)


@dataclass
class Row:
    """What came of one kind of fault."""

    fault: str
    rounds: int = 0
    requests: int = 0
    written: int = 0
    unanswered: int = 0
    hindered: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    """Of what was written, how much of each kind."""
    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    note: str = ""
    """Why it was left out, or done in another way."""

    @property
    def is_right(self) -> bool:
        """Whether nothing was lost, nothing is there by half, and the program never failed."""
        return not (self.lost or self.half or self.errors)


def show(engine: str, row: Row) -> None:
    """One line of the table, and what has to be said of it."""
    if row.rounds:
        counts = [row.rounds, row.requests, row.written, row.unanswered, row.hindered]
        print_row([engine, row.fault, *counts, len(row.lost), len(row.half), len(row.errors)])
    if row.note:
        print(f"{engine:<11} {row.fault}: {row.note}", flush=True)


def print_row(cells: Sequence[object]) -> None:
    """Cells under their heads, numbers to the right."""
    texts = (
        f"{cell:>{width}}" if place > 1 else f"{cell:<{width}}"
        for place, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )
    print(" ".join(texts), flush=True)
