"""The sheets of an Excel workbook, read as a stream: values as last calculated, never formulas.

openpyxl says what a number format and a serial day mean. Its own read-only mode knows nothing of merged
cells, and its other mode keeps some fifty times the size of a sheet in memory.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from core.thai_calendar import BUDDHIST_ERA_OFFSET, long_date
from measures.numbered_lists import Line
from measures.plan_import.model import Unreadable
from measures.plan_import.tables.excel_styles import Styles
from measures.plan_import.tables.numbering import whole
from measures.plan_import.tables.package import DAMAGED, Attributes, Package, Reader
from measures.plan_import.tables.table import (
    MAX_CHARACTERS,
    MAX_LINES_IN_CELL,
    SHEET,
    TOO_LARGE,
    Budget,
    Cell,
    Row,
    Table,
    lines_of,
)

MAX_SHEETS: Final = 200
MAX_COLUMNS: Final = 200
# A plan of 200 measures has a thousand where each is merged over its steps in every column.
MAX_MERGED: Final = 10_000
MAX_STRINGS: Final = 400_000
# A number of Excel's has at most this many characters worth reading.
_NUMBER_LENGTH: Final = 40
_COLOURED: Final = Cell(is_coloured=True)
_TRUE: Final = Cell((Line("TRUE"),))
_FALSE: Final = Cell((Line("FALSE"),))
_PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read_excel(package: Package, part: str, budget: Budget) -> list[Table]:
    """The sheets of the workbook in a part that have something in them, in their order.

    Raises:
        Unreadable: damaged, or too large.
    """
    related = package.related(part)
    book = _Book()
    package.parse(part, book)
    by_kind = dict(related.values())
    strings = _Strings()
    if (name := by_kind.get("sharedStrings")) and name in package:
        package.parse(name, strings)
    styles = Styles()
    if (name := by_kind.get("styles")) and name in package:
        package.parse(name, styles)
    tables = []
    for title, reference, is_hidden in book.sheets[:MAX_SHEETS]:
        kind, name = related.get(reference, ("", ""))
        # What is hidden holds lists for drop-downs; a chart sheet holds no cells.
        if is_hidden or kind != "worksheet":
            continue
        sheet = _Sheet(strings.found, styles, book.epoch, budget)
        package.parse(name, sheet)
        rows = sheet.finished()
        if rows:
            tables.append(Table(f"{SHEET}{title}", tuple(rows)))
    return tables


class _Book(Reader):
    """Picks the sheets out of workbook.xml: title, reference, whether hidden."""

    wanted = frozenset({"x:sheet", "x:workbookPr"})

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.epoch: datetime = CALENDAR_WINDOWS_1900

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "x:sheet" and len(self.sheets) < MAX_SHEETS:
            hidden = attributes.get(":state", "visible") != "visible"
            self.sheets.append((attributes.get(":name", "")[:100], attributes.get("r:id", ""), hidden))
        elif tag == "x:workbookPr" and attributes.get(":date1904") in {"1", "true"}:
            self.epoch = CALENDAR_MAC_1904


class _Strings(Reader):
    """Picks the shared texts out of sharedStrings.xml, without the readings that Japanese Excel adds."""

    wanted = frozenset({"x:si", "x:t"})
    skipped = frozenset({"x:rPh"})
    wants_text = True

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._in_text = False
        self._characters = 0

    def start(self, tag: str, _: Attributes) -> None:
        if tag == "x:t":
            self._in_text = True

    def end(self, tag: str) -> None:
        if tag == "x:t":
            self._in_text = False
        elif tag == "x:si":
            if len(self.found) >= MAX_STRINGS:
                raise Unreadable(TOO_LARGE)
            self.found.append("".join(self._pieces))
            self._pieces = []

    def text(self, text: str) -> None:
        if self._in_text:
            # Other sheets of the workbook share them, so there may be more than a plan can use.
            self._characters += len(text)
            if self._characters > 3 * MAX_CHARACTERS:
                raise Unreadable(TOO_LARGE)
            self._pieces.append(text)


@dataclass(slots=True)
class _Value:
    kind: str = ""
    style: int = 0
    pieces: list[str] = field(default_factory=list)


class _Sheet(Reader):
    """Follows one sheet from start tag to end tag."""

    wanted = frozenset({"x:row", "x:c", "x:v", "x:t", "x:mergeCell"})
    skipped = frozenset({"x:rPh"})
    wants_text = True

    def __init__(self, strings: list[str], styles: Styles, epoch: datetime, budget: Budget) -> None:
        self._strings = strings
        self._dates = styles.dates
        self._coloured = styles.coloured
        self._epoch = epoch
        self._budget = budget
        self._rows: dict[int, dict[int, Cell]] = {}
        self._hidden: set[int] = set()
        self._merged: list[tuple[int, int, int, int]] = []
        self._row = self._column = 0
        self._value: _Value | None = None
        self._in_value = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "x:row":
            self._row = whole(attributes.get(":r"), self._row + 1)
            self._column = -1
            if attributes.get(":hidden") in {"1", "true"}:
                self._hidden.add(self._row)
        elif tag == "x:c":
            self._place(attributes.get(":r", ""))
            self._value = _Value(attributes.get(":t", "n"), whole(attributes.get(":s")))
        elif tag in {"x:v", "x:t"} and self._value:
            self._in_value = True
        elif tag == "x:mergeCell":
            self._merge(attributes.get(":ref", ""))

    def end(self, tag: str) -> None:
        if tag in {"x:v", "x:t"}:
            self._in_value = False
        elif tag == "x:c" and self._value:
            self._keep(self._value)
            self._value = None

    def text(self, text: str) -> None:
        if self._in_value and self._value:
            self._budget.characters(len(text))
            self._value.pieces.append(text)

    def _place(self, reference: str) -> None:
        match = _PLACE.fullmatch(reference)
        if not match:
            self._column += 1
            return
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - 64
        self._column = column - 1

    def _merge(self, reference: str) -> None:
        if len(self._merged) >= MAX_MERGED:
            raise Unreadable(TOO_LARGE)
        left, top, right, bottom = range_boundaries(reference)
        if None in {left, top, right, bottom}:
            raise Unreadable(DAMAGED)
        self._merged.append((int(left or 1) - 1, int(top or 1), int(right or 1) - 1, int(bottom or 1)))

    def _keep(self, value: _Value) -> None:
        raw = "".join(value.pieces)
        if self._column >= MAX_COLUMNS:
            return
        if not raw:
            # Only beside what is filled: shaded columns may go down to the last row of a sheet.
            if self._row in self._rows and value.style < len(self._coloured) and self._coloured[value.style]:
                self._budget.cell()
                self._rows[self._row][self._column] = _COLOURED
            return
        cell = self._cell(value, raw)
        if cell.lines:
            if len(cell.lines) > MAX_LINES_IN_CELL:
                raise Unreadable(TOO_LARGE)
            self._budget.cell()
            self._rows.setdefault(self._row, {})[self._column] = cell

    def _cell(self, value: _Value, raw: str) -> Cell:
        if value.kind == "s":
            place = whole(raw, -1)
            text = self._strings[place] if 0 <= place < len(self._strings) else ""
            # Counted for every use: one long text may be shown in a million cells.
            self._budget.characters(len(text))
            return Cell(lines_of(_unescaped(text)))
        if value.kind in {"str", "inlineStr"}:
            return Cell(lines_of(_unescaped(raw)))
        if value.kind == "b":
            return _TRUE if raw == "1" else _FALSE
        if value.kind == "e":
            # #REF! and the like: shown, so that somebody sees that something is missing.
            return Cell(lines_of(raw[:_NUMBER_LENGTH]))
        if value.kind == "d":
            return _day(date.fromisoformat(raw[:10]))
        number = float(raw[:_NUMBER_LENGTH])
        if value.style < len(self._dates) and self._dates[value.style]:
            day = from_excel(number, self._epoch)
            return _day(day.date()) if isinstance(day, datetime) else Cell()
        return Cell((Line(f"{number:.0f}" if number == int(number) else repr(round(number, 9))),))

    def finished(self) -> list[Row]:
        """The rows that have something in them, merged cells as one."""
        columns = max((max(cells) for cells in self._rows.values()), default=-1) + 1
        numbers = sorted(self._rows)
        widths: dict[tuple[int, int], int] = {}
        covered: dict[tuple[int, int], int] = {}
        for left, top, right, bottom in self._merged:
            width = min(right, columns - 1) - left + 1
            if width < 1:
                continue
            widths[top, left] = width
            # Only rows that have something in them; many ranges could cover the same ones again and again.
            below = numbers[bisect_right(numbers, top) : bisect_right(numbers, bottom)]
            self._budget.work(1 + len(below))
            covered.update(((row, left), width) for row in below)
        return [
            Row(
                number,
                self._row_of(number, self._rows[number], columns, widths, covered),
                number in self._hidden,
            )
            for number in numbers
        ]

    def _row_of(
        self,
        number: int,
        cells: dict[int, Cell],
        columns: int,
        widths: dict[tuple[int, int], int],
        covered: dict[tuple[int, int], int],
    ) -> tuple[Cell, ...]:
        found = []
        column = 0
        while column < columns:
            place = (number, column)
            if place in covered:
                found.append(Cell(width=covered[place], continued=True))
            else:
                found.append(replace(cells.get(column, Cell()), width=widths.get(place, 1)))
            column += found[-1].width
        self._budget.row(len(found))
        return tuple(found)


def _day(day: date) -> Cell:
    """A day as text, too. Whoever types 31/3/2566 into an English Excel gets a day of the CE year 2566."""
    if 2400 <= day.year <= 2700:
        day = day.replace(year=day.year - BUDDHIST_ERA_OFFSET)
    if not 1900 <= day.year <= 2200:
        return Cell()
    return Cell((Line(long_date(day)),), day=day)


_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    """Excel writes a control character, and an underscore that would look like one, as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
