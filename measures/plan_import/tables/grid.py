"""The rows of an HTML table: where each cell stands when others reach over several rows and columns."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from measures.numbered_lists import Line
from measures.plan_import.model import Unreadable
from measures.plan_import.tables.table import TOO_LARGE, Budget, Cell, Row

MAX_COLUMNS: Final = 200
MAX_ROWS_SPANNED: Final = 10_000
MAX_SPANNED: Final = 10_000

OTHER_COUNT: Final = "แถวนี้มีช่องไม่เท่ากับแถวอื่นของตาราง ข้อความอาจเลื่อนคอลัมน์ กรุณาตรวจ"


@dataclass(slots=True)
class _Reaching:
    """A cell that reaches down: the columns that it spans, and the rows that it has still to go."""

    width: int
    rows: int


class Grid:
    """Takes cells in the order in which they are written, and gives rows as Word and Excel have them."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._rows: list[Row] = []
        self._number = 0
        self._cells: dict[int, Cell] | None = None
        self._column = 0
        self._reaching: dict[int, _Reaching] = {}
        self._spanned = 0

    def begin_row(self) -> None:
        """A row begins; one that was not ended is."""
        if self._cells is not None:
            self.end_row()
        self._number += 1
        self._cells, self._column = {}, 0
        for column, cell in sorted(self._reaching.items()):
            self._cells[column] = Cell(width=cell.width, continued=True)
            cell.rows -= 1
        self._reaching = {column: cell for column, cell in self._reaching.items() if cell.rows > 0}

    def skip_row(self) -> None:
        """A row that is not seen."""
        self._number += 1

    def add(self, lines: tuple[Line, ...], width: int, rows: int, *, is_coloured: bool) -> None:
        """The next cell of the row; of 0 rows, it reaches to the end of its group."""
        if self._cells is None:
            self.begin_row()
        cells = self._cells if self._cells is not None else {}
        while self._column in cells:
            self._column += cells[self._column].width
        if self._column + width > MAX_COLUMNS:
            width = 1
        if self._column >= MAX_COLUMNS:
            raise Unreadable(TOO_LARGE)
        # A cell that is not as wide as the gap between two that reach down.
        width = min([width, *(place - self._column for place in cells if place > self._column)])
        cells[self._column] = Cell(lines, width, is_coloured=is_coloured)
        if rows != 1:
            self._spanned += 1
            if self._spanned > MAX_SPANNED:
                raise Unreadable(TOO_LARGE)
            reach = MAX_ROWS_SPANNED if rows < 1 else min(rows, MAX_ROWS_SPANNED)
            self._reaching[self._column] = _Reaching(width, reach - 1)
        self._column += width

    def end_row(self) -> None:
        """The row ends; one without a cell is counted and left out."""
        if self._cells is None:
            return
        cells = self._cells
        self._cells = None
        found, column = [], 0
        for place in sorted(cells):
            while column < place:
                found.append(Cell())
                column += 1
            found.append(cells[place])
            column = place + cells[place].width
        self._budget.row(len(found))
        if any(cell.lines for cell in found):
            if all(cell.is_coloured or cell.continued for cell in found):
                # The whole row is shaded: that says nothing of its cells.
                found = [replace(cell, is_coloured=False) for cell in found]
            self._rows.append(Row(self._number, tuple(found)))

    def end_group(self) -> None:
        """The end of a head or a body: no cell reaches beyond it."""
        self.end_row()
        self._reaching = {}

    def finished(self) -> tuple[Row, ...]:
        """The rows that have something in them; a cell is no wider than the table has columns in use."""
        self.end_row()
        columns = 1 + max(
            (index for row in self._rows for index, cell in row.placed() if cell.lines or cell.is_coloured),
            default=0,
        )
        rows = [replace(row, cells=_within(row, columns)) for row in self._rows]
        widths = Counter(row.width for row in rows if len(row.cells) > 1)
        usual = max(widths, key=lambda width: widths[width], default=0)
        return tuple(row if row.width == usual else _doubted(row, usual) for row in rows)


def _doubted(row: Row, width: int) -> Row:
    """A row that has lost a cell, or has one too many: which one, nobody knows."""
    if len(row.cells) < 2:
        return row
    cells = (*row.cells, *[Cell()] * (width - row.width))
    return replace(row, cells=tuple(replace(cell, doubt=OTHER_COUNT) for cell in cells))


def _within(row: Row, columns: int) -> tuple[Cell, ...]:
    placed = [(index, cell) for index, cell in row.placed() if index < columns]
    return tuple(replace(cell, width=min(cell.width, columns - index)) for index, cell in placed)
