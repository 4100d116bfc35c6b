"""Tables in plain text: CSV, TSV, and what is pasted from Word, Excel or a PDF."""

import codecs
import html
import re
from collections.abc import Iterable, Sequence
from typing import Final

from measures.numbered_lists import Line
from measures.plan_import.model import Unreadable
from measures.plan_import.tables.by_position import position_records
from measures.plan_import.tables.delimited import MAX_COLUMNS, Record, records_of, rejoined
from measures.plan_import.tables.markdown import (
    framed_records,
    is_framed,
    is_markdown,
    markdown_records,
)
from measures.plan_import.tables.table import (
    MAX_CHARACTERS,
    TOO_LARGE,
    Budget,
    Cell,
    Row,
    Table,
    lines_of,
)

NOT_TEXT: Final = "ไม่รู้จักชนิดของไฟล์นี้ นำเข้าได้เฉพาะ .docx .xlsx .csv .tsv หรือคัดลอกตารางมาวาง"
NAME: Final = "ข้อความ"
# Columns laid out with spaces, as some PDF readers give them.
POSITION: Final = "  "

_TAGGED: Final = re.compile(r"</?(?:p|br|div|li)\b[^<>]{0,200}>", re.IGNORECASE)
_RULE: Final = re.compile(r"[-=:_+| ]+")
_WIDE: Final = re.compile(r" {2,}")
# PDF readers give SARA AM as a space and its second half.
_SPACED_AM: Final = re.compile("(?<=[\u0e01-\u0e2e\u0e48-\u0e4b]) \u0e32")
_THAI_LETTERS: Final = re.compile("[\u0e01-\u0e5b]")
# Bytes that no Thai code page uses; cp874 of Python knows some more of Windows' punctuation.
_CONTROLS: Final = re.compile("[\0-\x08\x0e-\x1f\x7f]")


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8 with or without BOM, UTF-16 with BOM, or Windows-874 (TIS-620).

    Raises:
        Unreadable: it is none of these.
    """
    if len(content) > 4 * MAX_CHARACTERS:
        raise Unreadable(TOO_LARGE)
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _checked(content.decode(encoding, errors="replace"))
    try:
        return _checked(content.decode("utf-8"))
    except UnicodeDecodeError:
        text = _checked(content.decode("cp874", errors="replace"))
    # In a Thai file nearly everything beyond ASCII is Thai.
    beyond = sum(character > "\x7f" for character in text)
    if 10 * len(_THAI_LETTERS.findall(text)) < 9 * beyond:
        raise Unreadable(NOT_TEXT)
    return text


def _checked(text: str) -> str:
    if len(_CONTROLS.findall(text)) > len(text) // 200:
        raise Unreadable(NOT_TEXT)
    return text


def read_text(text: str, budget: Budget) -> list[Table]:
    """The one table of a text: rows of cells between tabs, commas, semicolons or bars, or by their position.

    Lines without any of these are rows of one cell: headings of indicators, or text to be left out.

    Raises:
        Unreadable: too much, or nothing says in which cell a line stands.
    """
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(TOO_LARGE)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = _SPACED_AM.sub("\u0e33", text)
    rows = []
    for record in _records(text, budget):
        budget.row(len(record.values))
        budget.time()
        if len(record.values) > MAX_COLUMNS:
            raise Unreadable(TOO_LARGE)
        if _is_rule(record.values):
            continue
        budget.characters(sum(map(len, record.values)))
        cells = tuple(Cell(_lines(value), doubt=record.doubt) for value in record.values)
        rows.append(Row(record.number, cells))
    return [Table(NAME, tuple(rows))] if rows else []


def _records(text: str, budget: Budget) -> Iterable[Record]:
    """The rows of a text, in whatever way its cells are divided."""
    if is_framed(text):
        return framed_records(text)
    if is_markdown(text):
        return rejoined(list(markdown_records(text)))
    delimiter = _delimiter(text)
    if delimiter == POSITION:
        return position_records(text, budget)
    if not delimiter:
        return (Record(number, (line,)) for number, line in enumerate(text.split("\n"), 1))
    if delimiter == "|":
        return rejoined([_barred(number, line) for number, line in enumerate(text.split("\n"), 1)])
    records = list(records_of(text, delimiter, budget))
    return rejoined(records) if delimiter == "\t" else records


def _barred(number: int, line: str) -> Record:
    line = line.strip().removeprefix("|").removesuffix("|")
    return Record(number, tuple(cell.strip() for cell in line.split("|")))


def _is_rule(values: Sequence[str]) -> bool:
    """Whether a row is empty or a line drawn with dashes."""
    filled = [value.strip() for value in values if value.strip()]
    return all(_RULE.fullmatch(value) for value in filled) and (not filled or max(map(len, filled)) > 2)


def _delimiter(text: str) -> str:
    """What divides the cells: that which most lines have, a tab before all else."""
    lines = [line for line in text.split("\n")[:2_000] if line.strip()]
    if sum("\t" in line for line in lines) >= 2 or any(line.count("\t") > 1 for line in lines):
        return "\t"
    if lines and sum(line.strip().startswith("|") for line in lines) * 2 > len(lines):
        return "|"
    counts = {mark: sum(line.count(mark) > 1 for line in lines) for mark in (",", ";", "|")}
    best = max(counts, key=lambda mark: counts[mark])
    if counts[best]:
        return best
    return POSITION if sum(len(_WIDE.findall(line)) > 1 for line in lines) >= 2 else ""


def _lines(value: str) -> tuple[Line, ...]:
    """The lines of a cell, in which paragraphs may be tagged."""
    if "<" in value and _TAGGED.search(value):
        value = html.unescape(_TAGGED.sub("\n", value))
    return lines_of(value)
