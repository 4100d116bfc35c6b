"""Rows and columns of a table: what each cell of a row is for, and which row is the head."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from measures.numbered_lists import Line
from measures.plan_import.model import Column, Field
from measures.plan_import.tables.table import Cell, Row, Table
from measures.plan_import.understanding.headings import columns_of, head_at, phrase_of
from measures.plan_import.understanding.measure import RowPart

_NUMBERED: Final = re.compile(r"\s*\(?[0-9๐-๙]")
# ü and P are ticks in the fonts of symbols that Word offers.
_TICK: Final = re.compile(r"[✓✔√☑☒/xX×●•*üP]")
_WORDY: Final = 60


@dataclass(slots=True)
class Head:
    """The columns in force, and how many cells their row has."""

    columns: tuple[Column, ...]
    width: int


def by_field(row: Row, head: Head) -> dict[Field, list[RowPart]]:
    """A row's cells by what their columns hold."""
    found: dict[Field, list[RowPart]] = {}
    in_step = len(row.cells) == head.width
    for place, (index, cell) in enumerate(row.placed()):
        column = (
            head.columns[place] if in_step and place < len(head.columns) else _column_at(index, cell, head)
        )
        if column is None or column.field in {None, Field.IGNORED}:
            continue
        lines: tuple[Line, ...] = () if cell.continued else cell.lines
        if lines and _TICK.fullmatch(cell.text) and phrase_of(column.heading):
            lines = (Line(column.heading),)
        part = RowPart(row.number, column.heading, lines, cell.day, index)
        found.setdefault(column.field or Field.IGNORED, []).append(part)
    return found


def _column_at(index: int, cell: Cell, head: Head) -> Column | None:
    """The column with which a cell shares most of its width: rows of Word tables need not line up."""
    shared = [
        (
            min(index + cell.width, column.index + column.width) - max(index, column.index),
            -column.index,
            column,
        )
        for column in head.columns
    ]
    width, _, column = max(shared, key=lambda item: item[:2])
    return column if width > 0 else None


def mapped(columns: Sequence[Column], mapping: Mapping[int, Field]) -> Head:
    """The columns as the officer says, with the widths and headings of those that were seen."""
    seen = {column.index for column in columns}
    more = [Column(index, 1, "", field) for index, field in sorted(mapping.items()) if index not in seen]
    said = [
        Column(column.index, column.width, column.heading, mapping.get(column.index)) for column in columns
    ]
    return Head((*said, *more), 0 if more else len(columns))


def is_single(row: Row, head: Head) -> bool:
    """Whether a row is one cell over the table, or text between tables: no row of a measure."""
    filled = row.filled
    if len(filled) != 1 or any(cell.continued for cell in row.cells):
        return False
    named = len([column for column in head.columns if column.field])
    return len(row.cells) == 1 or filled[0].width >= max(2, named - 1)


def is_alike(row: Row, head: Head) -> bool:
    width = max((column.index + column.width for column in head.columns), default=0)
    return len(row.cells) == head.width or row.width == width


def text_of(row: Row) -> str:
    return " ".join(cell.text for cell in row.cells if cell.lines)


def heading_row(table: Table) -> int | None:
    """The place of the row that looks most like a heading: short texts in most columns, no numbers."""
    widest = max((len(row.filled) for row in table.rows[:30]), default=0)
    for place, row in enumerate(table.rows[:30]):
        filled = row.filled
        if len(filled) < 2 or 3 * len(filled) < 2 * widest:
            continue
        if head_at(table.rows, place):
            return place
        if all(len(cell.text) <= _WORDY and not _NUMBERED.match(cell.text) for cell in filled):
            return place
        return None
    return None


def guessed_columns(tables: Sequence[Table]) -> tuple[Column, ...]:
    """The columns of the largest table, with its likeliest headings."""
    if not tables:
        return ()
    table = max(tables, key=lambda table: len(table.rows))
    place = heading_row(table)
    if place is None:
        place = max(range(len(table.rows)), key=lambda place: len(table.rows[place].filled))
    return columns_of(table.rows[place : place + 1])
