"""The report as CSV, for programs and for Excel."""

import csv
import io
from datetime import date
from typing import Final

from reports.document.facts import ReportDocument
from reports.renderers import Rendered
from reports.renderers.table import Cell, columns_of, rows

# A spreadsheet takes a text that begins like this for a formula, whoever typed it; a Japanese or Chinese
# one also where the sign is full-width.
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# White space before the sign is dropped by some; a tab or an end of line at the start may begin a new cell.
CELL_STARTS: Final = ("\t", "\r", "\n")
# Stands before a step's number: a spreadsheet takes 1.10 for a number and shows 1.1. A formula that makes a
# text of it would be a formula, and an apostrophe is shown; a word is read by people, and programs drop it.
STEP: Final = "ข้อ"


def make(document: ReportDocument) -> Rendered:
    """UTF-8 with a byte order mark (without it Excel shows Thai as signs), comma separated, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    columns = columns_of(document)
    writer.writerow(column.heading for column in columns)
    step = [column.key for column in columns].index("step")
    for row in rows(document):
        texts = [text_of(cell) for cell in row]
        if row[step]:
            texts[step] = f"{STEP} {row[step]}"
        writer.writerow(texts)
    return Rendered(out.getvalue().encode("utf-8-sig"))


def text_of(cell: Cell) -> str:
    """A cell as text: days as YYYY-MM-DD, yes and no in Thai, no formula."""
    if isinstance(cell, bool):
        return "ใช่" if cell else "ไม่"
    if isinstance(cell, date):
        return cell.isoformat()
    text = "" if cell is None else str(cell)
    return f"'{text}" if _may_be_formula(text) else text


def _may_be_formula(text: str) -> bool:
    # A lone - is how people write "none"; a sign alone is no formula anywhere.
    if len(text.strip()) < 2:
        return False
    return text.startswith(CELL_STARTS) or text.lstrip().startswith(FORMULA_SIGNS)
