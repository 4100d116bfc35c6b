"""Tables in plain text: CSV, TSV, and what is pasted from Word, Excel or a PDF."""

import codecs
import csv
import html
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

from measures.numbered_lists import Line
from measures.plan_import.model import Unreadable
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
MAX_COLUMNS: Final = 200

_TAGGED: Final = re.compile(r"</?(?:p|br|div|li)\b[^<>]{0,200}>", re.IGNORECASE)
_RULE: Final = re.compile(r"[-=:_+| ]+")
_WIDE: Final = re.compile(r" {2,}")
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
    """The one table of a text: rows of cells between tabs, commas, semicolons or bars.

    Lines without any of these are rows of one cell: headings of indicators, or text to be left out.
    """
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(TOO_LARGE)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    delimiter = _delimiter(text)
    rows = []
    for number, values in _records(text, delimiter):
        budget.row(len(values))
        budget.time()
        if len(values) > MAX_COLUMNS:
            raise Unreadable(TOO_LARGE)
        if _is_rule(values):
            continue
        cells = tuple(Cell(_lines(value)) for value in values)
        budget.characters(sum(len(value) for value in values))
        rows.append(Row(number, cells))
    return [Table(NAME, tuple(rows))] if rows else []


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
    # Columns laid out with spaces, as some PDF readers give them.
    return "  " if sum(len(_WIDE.findall(line)) > 1 for line in lines) >= 2 else ""


def _records(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows with the number of the line on which each begins."""
    if not delimiter:
        yield from ((number, [line]) for number, line in enumerate(text.split("\n"), 1))
    elif delimiter == "  ":
        yield from ((number, _WIDE.split(line.strip())) for number, line in enumerate(text.split("\n"), 1))
    elif delimiter == "|":
        for number, line in enumerate(text.split("\n"), 1):
            yield number, [cell.strip() for cell in line.strip().strip("|").split("|")]
    elif _is_quoted(text, delimiter):
        yield from _quoted(text, delimiter)
    else:
        yield from ((number, line.split(delimiter)) for number, line in enumerate(text.split("\n"), 1))


def _is_quoted(text: str, delimiter: str) -> bool:
    """Whether quotes enclose cells; in text copied from a document they are part of it."""
    opening = len(re.findall(rf'(?:^|{re.escape(delimiter)})"', text, re.MULTILINE))
    return bool(opening) and text.count('"') % 2 == 0


def _quoted(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        number = reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error:
            # A cell beyond the limit of the csv module: one that was never closed.
            raise Unreadable(
                f"อ่านบรรทัดที่ {number} ไม่ได้ เพราะเครื่องหมายคำพูดเปิดแล้วไม่ปิด กรุณาแก้แล้วนำเข้าใหม่"
            ) from None


def _lines(value: str) -> tuple[Line, ...]:
    """The lines of a cell, in which paragraphs may be tagged."""
    if "<" in value and _TAGGED.search(value):
        value = html.unescape(_TAGGED.sub("\n", value))
    return lines_of(value)
