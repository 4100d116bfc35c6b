"""A table on a terminal, and what its columns say of a PDF."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pypdfium2

from tests.bench.peers import BASELINE
from tests.bench.timing import Measured

# A column says something of one program's result, given the baseline's.
Column = Callable[[Measured, Measured], str]


def pages(content: bytes) -> int:
    with pypdfium2.PdfDocument(content) as opened:
        return len(opened)


COLUMNS: Final[dict[str, Column]] = {
    "median s": lambda result, baseline: f"{result.seconds:.3f}",
    "min–max s": lambda result, baseline: f"{min(result.runs):.3f}–{max(result.runs):.3f}",
    "ratio": lambda result, baseline: f"{result.seconds / baseline.seconds:.2f}",
    "bytes": lambda result, baseline: f"{len(result.content):,}",
    "pages": lambda result, baseline: str(pages(result.content)),
}


def rows(results: Mapping[str, Measured]) -> list[list[str]]:
    """A row for each program with all columns."""
    baseline = results[BASELINE]
    return [
        [name, *(column(result, baseline) for column in COLUMNS.values())] for name, result in results.items()
    ]


def formatted(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """The first column to the left, all others to the right."""
    widths = [max(map(len, cells)) for cells in zip(head, *body, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in [head, *body]
    )
