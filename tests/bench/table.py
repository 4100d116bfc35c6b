"""Tables that can be read on a terminal and are Markdown."""

from collections.abc import Sequence

Row = Sequence[str]


def markdown(head: Row, body: Sequence[Row]) -> str:
    """The first column to the left, all others to the right."""
    widths = [max(map(len, cells)) for cells in zip(head, *body, strict=True)]
    rule = ["-" * width if not place else "-" * (width - 1) + ":" for place, width in enumerate(widths)]
    return "\n".join(_line(row, widths) for row in (head, rule, *body))


def _line(row: Row, widths: Sequence[int]) -> str:
    cells = (
        cell.rjust(width) if place else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"| {' | '.join(cells)} |"
