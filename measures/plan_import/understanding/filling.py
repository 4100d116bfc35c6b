"""Cells that a row has not itself: merged with those above, in another column, or of no known column."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from measures.plan_import.model import Column, Field
from measures.plan_import.tables.table import Row
from measures.plan_import.understanding import sentences
from measures.plan_import.understanding.raw import RowPart

MAIN: Final = (Field.STEPS, Field.PARTIES, Field.DUE, Field.STATUS)
_REPORTED: Final = (Field.STATUS, Field.RESULT)
_TO_TICK: Final = (Field.IGNORED, Field.PERIOD, Field.TICKED)

Cells = dict[Field, list[RowPart]]


def from_above(cells: Cells, above: Mapping[int, RowPart]) -> None:
    """Fill what a new measure has in cells that were merged with those of the measure above it.

    Args:
        above: the last filled cell of each column.
    """
    for of, parts in cells.items():
        if of in {Field.TITLE, Field.STEPS}:
            continue
        for place, part in enumerate(parts):
            filled = above.get(part.column)
            if part.continued and filled:
                # One result may speak of all of them, or only of the first.
                doubt = sentences.MERGED if of in _REPORTED else filled.doubt
                parts[place] = replace(filled, row=part.row, doubt=doubt)


def shifted(row: Row, columns: Sequence[Column], cells: Cells) -> list[tuple[int, str, bool]]:
    """Mark every cell of a pasted row that has more or fewer cells than its head; the note on the row."""
    width = max((column.index + column.width for column in columns), default=0)
    if row.width == width:
        return []
    doubt = sentences.OTHER_COUNT.format(count=row.width, head=width)
    for of, parts in cells.items():
        cells[of] = [replace(part, doubt=part.doubt or doubt) for part in parts]
    for column in columns:
        if column.field and column.field not in _TO_TICK:
            part = RowPart(row.number, column.heading, (), None, column.index)
            cells.setdefault(column.field, [part])
    return [(row.number, doubt, False)]


def missing(columns: Sequence[Column], cells: Cells) -> frozenset[Field]:
    """The fields that have no column, where one of the columns is not known and may hold them."""
    if not any(column.field is None and column.heading for column in columns):
        return frozenset()
    known = {column.field for column in columns} | cells.keys()
    known |= {Field.STATUS} if known & {Field.RESULT, Field.TICKED} else set()
    known |= {Field.DUE} if Field.PERIOD in known else set()
    return frozenset(MAIN) - {of for of in known if of}
