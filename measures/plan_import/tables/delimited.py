"""Rows of a text whose cells are divided by a character: tabs, commas, semicolons or bars."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from measures.numbered_lists import Line
from measures.plan_import.model import Unreadable
from measures.plan_import.tables.table import TOO_LARGE, Budget, Cell, Row
from measures.plan_import.understanding.headings import head_at
from measures.plan_import.understanding.indicator_names import indicator_heading, looks_like_indicator
from measures.plan_import.understanding.leaving_out import is_aside

MAX_COLUMNS: Final = 200
# A head is looked for in so many lines, and may itself be broken over so many.
_HEAD_WITHIN: Final = 60
_HEAD_LINES: Final = 8

REJOINED: Final = "แถวนี้ต่อขึ้นจากหลายบรรทัดของข้อความที่วาง กรุณาตรวจว่าแต่ละช่องครบถ้วน"
BROKEN: Final = (
    "ข้อความที่วางไม่บอกว่าบรรทัดที่ {number} (“{text}”) อยู่ในช่องใดของตาราง จึงไม่นำเข้า"
    " กรุณาคัดลอกตารางแล้ววางใหม่ในเบราว์เซอร์ที่เปิดใช้ JavaScript หรือบันทึกเป็นไฟล์ .html .docx หรือ .xlsx แล้วเลือกไฟล์นั้น"
)


@dataclass(frozen=True, slots=True)
class Record:
    """A row: the number of the line on which it begins, its cells, and what is doubtful of all of them."""

    number: int
    values: tuple[str, ...]
    doubt: str = ""

    @property
    def is_blank(self) -> bool:
        return not any(value.strip() for value in self.values)


def records_of(text: str, delimiter: str, budget: Budget) -> Iterator[Record]:
    """The rows of a text. Whether quotes enclose a cell is decided cell by cell: alone they are text.

    Raises:
        Unreadable: more columns than any plan has.
    """
    end_of_cell = re.compile(f"[{delimiter}\n]")
    in_quotes = re.compile(rf'"((?:[^"]++|"")*+)"(?=[{delimiter}\n]|\Z)')
    values: list[str] = []
    quoted: list[bool] = []
    place, number, line = 0, 1, 1
    while place <= len(text):
        match = in_quotes.match(text, place) if text.startswith('"', place) else None
        if match and delimiter == "\t" and "\t" in match[1]:
            match = None
        if match:
            value, place = match[1], match.end()
            line += value.count("\n")
        else:
            end = end_of_cell.search(text, place)
            stop = end.start() if end else len(text)
            value, place = text[place:stop], stop
        values.append(value)
        quoted.append(bool(match))
        if len(values) > MAX_COLUMNS:
            raise Unreadable(TOO_LARGE)
        if place < len(text) and text[place] == delimiter:
            place += 1
            continue
        budget.time()
        yield Record(number, tuple(_unquoted(values, quoted, delimiter)))
        values, quoted = [], []
        line += 1
        number = line
        place += 1


def _unquoted(values: Sequence[str], quoted: Sequence[bool], delimiter: str) -> Iterator[str]:
    """What programs put into quotes without its quotes: between tabs only what needs them, or every cell."""
    filled = [is_quoted for value, is_quoted in zip(values, quoted, strict=True) if value]
    is_each = len(filled) > 1 and all(filled)
    for value, is_quoted in zip(values, quoted, strict=True):
        if is_quoted and (delimiter != "\t" or is_each or "\n" in value or '""' in value):
            yield value.replace('""', '"')
        else:
            yield f'"{value}"' if is_quoted else value


def rejoined(records: Sequence[Record]) -> list[Record]:
    """The rows of a text in which lines of one cell stand on lines of their own, put together again.

    Where every row has as many cells as the head, or no head is known, they stay as they are.

    Raises:
        Unreadable: a line may belong to the cell before or to the one behind it.
    """
    for at in range(min(len(records), _HEAD_WITHIN)):
        for count in range(1, _HEAD_LINES + 1):
            lines = records[at : at + count]
            # A line alone below a whole head may be the first of a row.
            if count > 1 and len(lines[-1].values) < 2:
                continue
            head = _joined(lines)
            if len(head.values) < 3 or not _is_head(head):
                continue
            found, lost = _rows(records[at + count :], _width(head))
            if lost is None:
                return [*records[:at], head, *found]
        if len(records[at].values) > 2 and _is_head(records[at]):
            width = _width(records[at])
            _, lost = _rows(records[at + 1 :], width)
            if not _is_broken(records[at + 1 :], width):
                # Rows that have lost a cell: they are marked as such.
                return list(records)
            if lost:
                text = " ".join("".join(lost.values).split())[:60]
                raise Unreadable(BROKEN.format(number=lost.number, text=text))
    return list(records)


def _joined(records: Sequence[Record]) -> Record:
    values: list[str] = []
    for record in records:
        first, *others = record.values
        values = [*values[:-1], f"{values[-1]}\n{first}" if values else first, *others]
    return Record(records[0].number, tuple(values))


def _is_head(record: Record) -> bool:
    cells = tuple(Cell((Line(" ".join(value.split())),) if value.strip() else ()) for value in record.values)
    return head_at([Row(record.number, cells)], 0) is not None


def _width(head: Record) -> int:
    return max(place for place, value in enumerate(head.values, 1) if value.strip())


def _is_known(record: Record) -> bool:
    """Whether a line without a second cell stands between rows: a heading, a note, a signature."""
    text = " ".join("".join(record.values).split()).strip("*# ")
    return bool(indicator_heading(text, is_line=True)) or looks_like_indicator(text) or is_aside(text)


def _is_broken(records: Sequence[Record], width: int) -> bool:
    """Whether lines are parts of cells, and not rows of their own that have lost a cell."""
    is_short = [
        len(record.values) < width and not (len(record.values) == 1 and _is_known(record))
        for record in records
        if not record.is_blank
    ]
    short = [record for record in records if 1 < len(record.values) < width]
    return (
        any(one and other for one, other in pairwise(is_short))
        or any(not record.values[-1].strip() for record in short)
        or any(
            len(record.values) == 1 and not record.is_blank and not _is_known(record) for record in records
        )
    )


def _rows(records: Sequence[Record], width: int) -> tuple[list[Record], Record | None]:
    """The rows below a head of so many cells, and the first line whose place is not certain."""
    found: list[Record] = []
    open_: list[Record] = []
    for record in records:
        count = len(record.values)
        if open_:
            # A browser puts a line end, not a tab, behind a cell in which paragraphs or lists stand.
            is_tab_lost = record.is_blank or not open_[-1].values[-1].strip()
            if is_tab_lost or (count == 1 and indicator_heading(record.values[0], is_line=True)):
                return found, open_[0]
            open_.append(record)
            whole = _joined(open_)
            if len(whole.values) > width:
                return found, open_[0]
            if len(whole.values) == width:
                found.append(replace(whole, doubt=REJOINED))
                open_ = []
        elif record.is_blank or count >= width or (count == 1 and _is_known(record)):
            found.append(record)
        elif count == 1 or width < 3:
            return found, record
        else:
            open_ = [record]
    return found, open_[0] if open_ else None
