"""Tables that are drawn with characters: Markdown, and frames of dashes and bars."""

import html
import re
from collections.abc import Iterator
from typing import Final

from measures.plan_import.model import Unreadable
from measures.plan_import.tables.delimited import MAX_COLUMNS, Record
from measures.plan_import.tables.table import TOO_LARGE

FRAMED: Final = "แถวนี้ต่อขึ้นจากหลายบรรทัดในกรอบ กรุณาตรวจว่าแต่ละช่องครบถ้วน"

# Below the head, and before the rows.
_ALIGNED: Final = re.compile(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)+\|?\s*")
_FRAME: Final = re.compile(r"\s*\+(?:[-=:]+\+)+\s*")
_BAR: Final = re.compile(r"(?<!\\)\|")
_STRONG: Final = re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1")
_EMPHASISED: Final = re.compile(r"(?<![*\w\\])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*\\])\*(?![*\w])")
_CODE: Final = re.compile(r"(`+)([^`]+)\1")
_LINK: Final = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,1000}\)")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_HEADING: Final = re.compile(r"\s{0,3}(?:#{1,6}\s+|>\s*)(.*?)\s*#*\s*")
_NUMBERED: Final = re.compile(r"\s*(?:[(]?[0-9๐-๙]{1,2}[.)]|ข้อ|[-•–]\s)")
# Frames of lines, as terminals draw them.
_DRAWN: Final = str.maketrans(
    {
        "│": "|",
        "┃": "|",
        "║": "|",
        **dict.fromkeys("─━═", "-"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╞╡╪╭╮╰╯", "+"),
    }
)


def is_markdown(text: str) -> bool:
    """Whether there is a table of Markdown in a text: a line of dashes below a line with as many bars."""
    before = ""
    for line in text.split("\n")[:5_000]:
        if "-" in line and "|" in before and _ALIGNED.fullmatch(line[:2_000]):
            return True
        before = line
    return False


def markdown_records(text: str) -> Iterator[Record]:
    """The rows of tables of Markdown, and the lines between them, without the marks of bold and the like."""
    for number, line in enumerate(text.split("\n"), 1):
        if "-" in line and _ALIGNED.fullmatch(line[:2_000]):
            continue
        if not _BAR.search(line):
            heading = _HEADING.fullmatch(line)
            yield Record(number, (_plain(heading[1] if heading else line),))
            continue
        if line.count("|") > 2 * MAX_COLUMNS:
            raise Unreadable(TOO_LARGE)
        cells = _BAR.split(line.strip().removeprefix("|"))
        # The bar at the end closes the last cell.
        yield Record(number, tuple(_plain(cell.strip()) for cell in (cells if cells[-1] else cells[:-1])))


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    text = _CODE.sub(r"\2", text)
    for mark in (_STRONG, _STRONG):
        text = mark.sub(r"\2", text)
    text = _ESCAPED.sub(r"\1", _EMPHASISED.sub(r"\1", text))
    return re.sub(r"<(?!/?(?:p|br|div|li)\b)", "&lt;", text) if "<" in text else html.unescape(text)


def is_framed(text: str) -> bool:
    """Whether a text has a table in a frame: lines of + and - above and below lines between bars."""
    lines = text.translate(_DRAWN).split("\n")[:5_000]
    return sum(bool(_FRAME.fullmatch(line[:2_000])) for line in lines) > 2


def framed_records(text: str) -> Iterator[Record]:
    """The rows of a framed table. Where every row has a frame, its lines belong together."""
    lines = text.translate(_DRAWN).split("\n")
    frames = [place for place, line in enumerate(lines) if _FRAME.fullmatch(line[:2_000])]
    # A head and all rows: one line each.
    is_bare = len(frames) == 3
    open_: list[tuple[int, list[str]]] = []
    for place, line in enumerate(lines):
        if "|" not in line or place in (frames[0], frames[-1]) or _FRAME.fullmatch(line[:2_000]):
            if open_:
                yield _of_lines(open_)
                open_ = []
            if "|" not in line and not _FRAME.fullmatch(line[:2_000]):
                yield Record(place + 1, (line.strip(),))
            continue
        open_.append((place + 1, [cell.strip() for cell in line.strip().strip("|").split("|")]))
        if is_bare:
            yield _of_lines(open_)
            open_ = []
    if open_:
        yield _of_lines(open_)


def _of_lines(lines: list[tuple[int, list[str]]]) -> Record:
    """A row of several lines: what begins with a number is a line of its own, the rest goes on."""
    values = [""] * max(len(cells) for _, cells in lines)
    for _, cells in lines:
        for place, cell in enumerate(cells):
            if cell:
                values[place] = put_on(values[place], cell)
    return Record(lines[0][0], tuple(values), FRAMED if len(lines) > 1 else "")


def put_on(text: str, more: str) -> str:
    """A text with the line below it: a line of its own where it is numbered, else without a space in Thai."""
    if not text or _NUMBERED.match(more):
        return f"{text}\n{more}" if text else more
    is_thai = "\u0e01" <= text[-1] <= "\u0e5b" and "\u0e01" <= more[0] <= "\u0e4e"
    return f"{text}{more}" if is_thai else f"{text} {more}"
