"""A table whose columns stand one above the other: copied from a PDF, or made by pdftotext -layout.

Where no gap between two columns goes down through all lines, nothing says what belongs to which: it stops.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from measures.numbered_lists import Line
from measures.plan_import.model import Field, Unreadable
from measures.plan_import.tables.delimited import Record
from measures.plan_import.tables.markdown import put_on
from measures.plan_import.tables.table import Budget, Cell, Row
from measures.plan_import.understanding.headings import field_of, head_at
from measures.plan_import.understanding.indicator_names import indicator_heading
from measures.plan_import.understanding.leaving_out import is_aside

MAX_WIDTH: Final = 2_000
_HEAD_WITHIN: Final = 200
_HEAD_LINES: Final = 3

BY_POSITION: Final = "แยกช่องตามตำแหน่งของตัวอักษร กรุณาตรวจว่าข้อความครบและอยู่ถูกช่อง"
STOPPED: Final = (
    "ข้อความนี้มาจาก PDF หรือจัดคอลัมน์ด้วยช่องว่าง และแยกช่องของตารางไม่ได้อย่างแน่นอน จึงไม่นำเข้า"
    " กรุณาใช้ไฟล์ Word หรือ Excel ต้นฉบับ หรือเปิด PDF ด้วย Word แล้วบันทึกเป็น .docx"
)

_PIECE: Final = re.compile(r"\S+(?: \S+)*")
_NUMBER: Final = re.compile(r"\(?[0-9๐-๙]{1,3}[.)]?")


# A line: what stands in each of its columns.
Placed = list[str]


@dataclass(slots=True)
class _Column:
    begin: int
    end: int
    text: str


def position_records(text: str, budget: Budget) -> list[Record]:
    """The rows of a text whose columns stand one above the other; every cell is doubtful.

    Raises:
        Unreadable: the columns or the rows cannot be told from one another.
    """
    lines = [line.rstrip()[:MAX_WIDTH] for line in text.replace("\f", "\n").expandtabs(8).split("\n")]
    for measured in (_as_shown, _as_written):
        placed = [measured(line) for line in lines]
        head = _head(placed)
        if head is None:
            break
        at, count, columns = head
        budget.time()
        gaps = _gaps(columns, placed[at : at + count], placed[at + count :])
        if gaps is None:
            continue
        above = [Record(number, (line.strip(),)) for number, line in enumerate(lines[:at], 1) if line.strip()]
        rows = _rows(placed, at + count, gaps, [column.text for column in columns])
        return [*above, Record(at + 1, tuple(column.text for column in columns)), *rows]
    raise Unreadable(STOPPED)


def _as_written(line: str) -> Placed:
    """Each character in a column of its own."""
    return list(line)


def _as_shown(line: str) -> Placed:
    """Vowels and tones above and below in the column of their letter."""
    found: list[str] = []
    for character in line:
        if found and unicodedata.category(character) == "Mn":
            found[-1] += character
        else:
            found.append(character)
    return found


def _pieces(line: Placed) -> list[_Column]:
    """What stands between gaps of two spaces or more."""
    bare = "".join(" " if cluster.isspace() else "x" for cluster in line)
    return [
        _Column(match.start(), match.end(), "".join(line[match.start() : match.end()]))
        for match in _PIECE.finditer(bare)
    ]


def _head(lines: Sequence[Placed]) -> tuple[int, int, list[_Column]] | None:
    """The first line of the head, of how many lines it is, and its columns."""
    for at in range(min(len(lines), _HEAD_WITHIN)):
        if len(_pieces(lines[at])) < 2:
            continue
        for count in range(1, _HEAD_LINES + 1):
            columns = _merged([_pieces(line) for line in lines[at : at + count]])
            cells = tuple(Cell((Line(column.text),)) for column in columns)
            if len(columns) > 2 and head_at([Row(at + 1, cells)], 0):
                return at, count, columns
    return None


def _merged(lines: Sequence[Sequence[_Column]]) -> list[_Column]:
    """Pieces of several lines, those that stand one below the other as one."""
    found: list[_Column] = []
    for pieces in lines:
        for piece in pieces:
            over = [each for each in found if each.begin < piece.end and piece.begin < each.end]
            if over:
                over[0].text = put_on(over[0].text, piece.text)
                over[0].begin = min(over[0].begin, piece.begin)
                over[0].end = max(over[0].end, piece.end)
            else:
                found.append(piece)
    return sorted(found, key=lambda column: column.begin)


def _is_between(line: Placed) -> bool:
    """Whether a line stands between rows: blank, the heading of an indicator, a note, a signature."""
    text = "".join(line).strip()
    return not text or bool(indicator_heading(text, is_line=True)) or is_aside(text)


def _gaps(columns: Sequence[_Column], head: Sequence[Placed], body: Sequence[Placed]) -> list[int] | None:
    """Where one column ends and the next begins, or None where no gap goes down through all lines."""
    width = max((len(line) for line in (*head, *body)), default=0)
    is_filled = [False] * (width + 1)
    for line in (*head, *(line for line in body if not _is_between(line))):
        for place, cluster in enumerate(line):
            is_filled[place] = is_filled[place] or not cluster.isspace()
    gaps = []
    for left, right in pairwise(columns):
        free = [place for place in range(left.end, right.begin) if not is_filled[place]]
        runs = [place for place in free if place - 1 not in free]
        # Two gaps between two columns: there may be a third one that has no name.
        if len(runs) != 1:
            return None
        gaps.append(runs[0])
    return gaps


def _rows(lines: Sequence[Placed], begin: int, gaps: Sequence[int], headings: Sequence[str]) -> list[Record]:
    """The rows: each begins where its number stands, or where all of its columns but one are filled."""
    is_numbered = field_of(headings[0]) is Field.IGNORED
    found: list[Record] = []
    open_: list[str] | None = None
    number = 0
    firsts: list[bool] = []

    def close() -> None:
        nonlocal open_
        if open_ is not None:
            found.append(Record(number, tuple(open_), BY_POSITION))
        open_ = None

    for place, line in enumerate(lines[begin:], begin + 1):
        if _is_between(line):
            if any(not cluster.isspace() for cluster in line):
                close()
                found.append(Record(place, ("".join(line).strip(),)))
                firsts.append(False)
            continue
        cells = _cut(line, gaps)
        filled = sum(map(bool, cells))
        is_first = bool(_NUMBER.fullmatch(cells[0])) if is_numbered else filled >= len(cells) - 1
        if is_first:
            close()
            open_, number = cells, place
        elif open_ is None:
            raise Unreadable(STOPPED)
        else:
            open_ = [put_on(above, cell) if cell else above for above, cell in zip(open_, cells, strict=True)]
        firsts.append(is_first)
    close()
    # Two first lines in a row where others are of several lines: the second may go on with the first.
    is_doubtful = not is_numbered and any(one and other for one, other in pairwise(firsts))
    if is_doubtful and not all(firsts):
        raise Unreadable(STOPPED)
    return found


def _cut(line: Placed, gaps: Sequence[int]) -> list[str]:
    """The cells of a line."""
    return ["".join(line[begin:end]).strip() for begin, end in pairwise([0, *gaps, len(line)])]
