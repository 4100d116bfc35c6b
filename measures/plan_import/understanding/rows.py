"""Rows and columns of a table: what each cell of a row is for, and which row is the head."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from measures.numbered_lists import Line
from measures.plan_import.model import Column, Field
from measures.plan_import.tables.table import Cell, Row, Table
from measures.plan_import.understanding.head_words import NOTHING_KNOWN, Known
from measures.plan_import.understanding.headings import columns_of, head_at
from measures.plan_import.understanding.periods import TICK, Period, is_empty, is_ticked, period_of, time_of
from measures.plan_import.understanding.raw import RowPart, shortened

_NUMBERED: Final = re.compile(r"\s*\(?[0-9๐-๙]")
_YES: Final = re.compile(rf"(?:{TICK.pattern}|ใช่|yes|y|1)", re.IGNORECASE)
_ERROR: Final = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|#+)")
NO_VALUE: Final = "ช่องนี้เป็นสูตรที่คำนวณไม่ได้ กรุณากรอกข้อความ"
CROSS: Final = "ช่องนี้ทำเครื่องหมายกากบาท ถือว่าเลือกสถานะตามหัวคอลัมน์ กรุณาตรวจ"
COLOURED: Final = "อ่านช่วงเวลาจากสีพื้นของช่อง กรุณาตรวจ"
NO_TICK: Final = "ช่องใต้หัวเดือนหรือไตรมาสเขียนว่า “{text}” ถือว่าทำเครื่องหมายไว้ กรุณาตรวจ"
_WORDY: Final = 60
SAMPLES: Final = 3
_LOOKED_THROUGH: Final = 60


@dataclass(slots=True)
class Head:
    """The columns in force, and how many cells their row has."""

    columns: tuple[Column, ...]
    width: int


def by_field(row: Row, head: Head, fiscal_year: int) -> dict[Field, list[RowPart]]:
    """A row's cells by what their columns hold; ticks become the status or the time that they say."""
    found: dict[Field, list[RowPart]] = {}
    in_step = len(row.cells) == head.width == len(head.columns)
    periods: list[tuple[int, Period]] = []
    doubt = ""
    for place, (index, cell) in enumerate(row.placed()):
        column = head.columns[place] if in_step else _column_at(index, cell, head)
        if column is None or column.field in {None, Field.IGNORED}:
            continue
        if column.field is Field.PERIOD:
            found.setdefault(Field.DUE, [])
            if is_ticked(cell.text) or not is_empty(cell.text):
                periods += _periods_under(index, cell, head)
                doubt = (
                    doubt
                    or cell.doubt
                    or ("" if is_ticked(cell.text) else NO_TICK.format(text=cell.text[:40]))
                )
            continue
        part = RowPart(row.number, column.heading, cell.lines, cell.day, index, cell.continued, cell.doubt)
        if _ERROR.fullmatch(cell.text):
            part = replace(part, doubt=NO_VALUE)
        if column.field is Field.TICKED:
            part = _tick(part)
            found.setdefault(Field.STATUS, []).append(part)
        else:
            found.setdefault(column.field or Field.IGNORED, []).append(part)
    if not periods:
        periods, doubt = _bars(row, head), COLOURED
    if periods:
        text, day = time_of(periods, fiscal_year)
        place = next(column.index for column in head.columns if column.field is Field.PERIOD)
        due = RowPart(row.number, periods[0][1].shown, (Line(text),), day, place, doubt=doubt)
        found.setdefault(Field.DUE, []).append(due)
    return found


def _bars(row: Row, head: Head) -> list[tuple[int, Period]]:
    """The periods whose cells are coloured, unless all are: then the row is shaded."""
    columns = {column.index for column in head.columns if column.field is Field.PERIOD}
    cells = [(index, cell) for index, cell in row.placed() if index in columns]
    bars = [(index, cell) for index, cell in cells if cell.is_coloured]
    if not bars or len(bars) == len(cells):
        return []
    return [period for index, cell in bars for period in _periods_under(index, cell, head)]


def _periods_under(index: int, cell: Cell, head: Head) -> list[tuple[int, Period]]:
    """The periods of the columns over which a tick or a bar stretches, each with its place among them."""
    columns = [column for column in head.columns if column.field is Field.PERIOD]
    return [
        (place, period)
        for place, column in enumerate(columns)
        if column.index < index + cell.width
        and index < column.index + column.width
        and (period := period_of(column.heading))
    ]


def _tick(part: RowPart) -> RowPart:
    """A cell below the name of a status: a tick says the name, anything else is read as it stands."""
    if is_empty(part.text):
        return replace(part, lines=())
    # What a tick means is what its column is called.
    if _YES.fullmatch(part.text):
        doubt = CROSS if part.text in {"x", "X", "×"} else part.doubt
        return replace(part, lines=(Line(part.heading),), doubt=doubt)
    return part


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
    said = [replace(column, field=mapping.get(column.index), guessed=False) for column in columns]
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


def heading_row(table: Table, known: Known = NOTHING_KNOWN) -> int | None:
    """The place of the row that looks most like a heading: short texts in most columns, no numbers."""
    widest = max((len(row.filled) for row in table.rows[:30]), default=0)
    for place, row in enumerate(table.rows[:30]):
        filled = row.filled
        if len(filled) < 2 or 3 * len(filled) < 2 * widest:
            continue
        if head_at(table.rows, place, known):
            return place
        if all(len(cell.text) <= _WORDY and not _NUMBERED.match(cell.text) for cell in filled):
            return place
        return None
    return None


def guessed_columns(tables: Sequence[Table], known: Known = NOTHING_KNOWN) -> tuple[Column, ...]:
    """The columns of the largest table, with its likeliest headings."""
    if not tables:
        return ()
    table = max(tables, key=lambda table: len(table.rows))
    place = heading_row(table, known)
    if place is None:
        place = max(range(len(table.rows)), key=lambda place: len(table.rows[place].filled))
    return columns_of(table.rows[place : place + 1], known)


def with_samples(columns: Sequence[Column], tables: Sequence[Table]) -> tuple[Column, ...]:
    """Columns with what stands in some of their cells."""
    found: dict[int, dict[str, None]] = {column.index: {} for column in columns}
    headings = {column.heading for column in columns}
    for table in tables:
        for row in table.rows[:_LOOKED_THROUGH]:
            for index, cell in row.placed():
                texts = found.get(index)
                if texts is not None and cell.lines and len(texts) < SAMPLES and cell.width == 1:
                    text = shortened(cell.text)
                    if text not in headings:
                        texts[text] = None
    return tuple(replace(column, samples=tuple(found[column.index])) for column in columns)
