"""The common shape of what Word tables, sheets and pasted text hold, and how much of it is accepted."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from core.budget import WorkLimit
from core.text import is_not_text
from measures.numbered_lists import Line
from measures.plan_import.model import Unreadable

MAX_ROWS: Final = 10_000
MAX_CELLS: Final = 200_000
MAX_CHARACTERS: Final = 2_000_000
# A plan of 200 measures takes some 50,000; a second or two are gone by then.
MAX_WORK: Final = 1_000_000
# A plan of 200 measures takes half a second in all; a hostile one is given up within ten.
MAX_SECONDS_TO_READ: Final = 6.0
MAX_SECONDS_TO_UNDERSTAND: Final = 3.0
# The longest cell of a real plan has some 15,000 characters.
MAX_CHARACTERS_IN_CELL: Final = 60_000
# What takes apart a plan of 200 measures holds some 2,000 lines; a cell never.
MAX_LINES_IN_CELL: Final = 2_000

# Before the name of a sheet, as Table.name has it.
SHEET: Final = "แผ่นงาน "

TOO_LARGE: Final = "ไฟล์นี้มีข้อมูลมากเกินกว่าแผนของหน่วยงานหนึ่งปี กรุณาคัดเฉพาะตารางมาตรการไปไว้ในไฟล์ใหม่ แล้วนำเข้าไฟล์ใหม่นั้น"
CELL_TOO_LARGE: Final = (
    "{table} แถวที่ {row} มีช่องที่ยาวเกินกว่าจะเป็นมาตรการ ({length} ตัวอักษร) กรุณาตรวจว่าเป็นตารางมาตรการ หรือแบ่งช่องนั้นออก"
)
TOO_SLOW: Final = "ไฟล์นี้ซับซ้อนเกินกว่าจะอ่านได้ในเวลาที่กำหนด กรุณาคัดเฉพาะตารางมาตรการไปไว้ในไฟล์ใหม่ แล้วนำเข้าไฟล์ใหม่นั้น"

# Nearly no text has anything beside Thai, ASCII and line ends.
_UNUSUAL: Final = re.compile("[^\n -~\u0e01-\u0e4c\u0e4e-\u0e5b\u2018-\u201d]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_UNSEEN: Final = dict.fromkeys(map(ord, "\u200b\ufeff\u00ad\u2060"))
# PDF readers give SARA AM in halves, with the tone between them.
_SARA_AM: Final = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, with the columns that it spans. The lower part of one merged downwards is empty, continued.

    An empty one may be coloured: so bars are drawn below months. Where reading itself is not sure, doubt says
    in Thai of what.
    """

    lines: tuple[Line, ...] = ()
    width: int = 1
    continued: bool = False
    day: date | None = None
    is_coloured: bool = False
    doubt: str = ""

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number as the person would count it."""

    number: int
    cells: tuple[Cell, ...]
    is_hidden: bool = False

    @property
    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.lines]

    @property
    def width(self) -> int:
        return sum(cell.width for cell in self.cells)

    def placed(self) -> Iterator[tuple[int, Cell]]:
        """Each cell with the column in which it begins, from 0."""
        column = 0
        for cell in self.cells:
            yield column, cell
            column += cell.width


@dataclass(frozen=True, slots=True)
class Table:
    """A table or sheet by the name that a person knows it by, and the lines of text that stand above it."""

    name: str
    rows: tuple[Row, ...]
    above: tuple[str, ...] = ()


class Budget:
    """What reading or understanding one file may use.

    Raises:
        Unreadable: from every method, once there is too much of it.
    """

    def __init__(self, seconds: float = MAX_SECONDS_TO_READ) -> None:
        self._rows = self._cells = self._filled = self._characters = self._work = 0
        self._limit = WorkLimit(seconds)

    def row(self, cells: int) -> None:
        self._rows += 1
        self._cells += cells
        if self._rows > MAX_ROWS or self._cells > MAX_CELLS:
            raise Unreadable(TOO_LARGE)

    def cell(self) -> None:
        """A filled cell, before it is known in which row it will stand."""
        self._filled += 1
        if self._filled > MAX_CELLS:
            raise Unreadable(TOO_LARGE)

    def work(self, count: int = 1) -> None:
        """Steps that leave nothing behind: a tag that is looked at, a row that a merged cell covers."""
        self._work += count
        if self._work > MAX_WORK:
            raise Unreadable(TOO_LARGE)

    def characters(self, count: int) -> None:
        self._characters += count
        if self._characters > MAX_CHARACTERS:
            raise Unreadable(TOO_LARGE)

    def time(self) -> None:
        if self._limit.has_passed:
            raise Unreadable(TOO_SLOW)


def cleaned(text: str) -> str:
    """Text as a record may hold it: no control characters, no unseen ones, every space one ordinary space."""
    if _UNUSUAL.search(text):
        text = "".join(map(_allowed, text.translate(_UNSEEN)))
    return _SPACES.sub(" ", _SARA_AM.sub("\\1\u0e33", text)).strip()


@lru_cache(maxsize=4096)
def _allowed(character: str) -> str:
    if character == "\n":
        return character
    if character.isspace():
        return " "
    return "" if is_not_text(character) else character


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a text that have something in them."""
    found = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\u2028", "\n")
    lines = (cleaned(line) for line in found.split("\n"))
    return tuple(Line(line) for line in lines if line)


def without_spaces(text: str) -> str:
    """For comparing what people spell with and without spaces, seen or unseen."""
    return "".join(
        character for character in text if not character.isspace() and unicodedata.category(character) != "Cf"
    )
