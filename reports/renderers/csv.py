"""The report as CSV, for programs and for Excel."""

import csv
import io
from datetime import date
from typing import Final

from reports.document import ReportDocument
from reports.renderers import Rendered
from reports.renderers.table import COLUMNS, Cell, rows

# A spreadsheet takes a text that begins like this for a formula, whoever typed it.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def make(document: ReportDocument) -> Rendered:
    """UTF-8 with a byte order mark (without it Excel shows Thai as signs), comma separated, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(column.heading for column in COLUMNS)
    writer.writerows([_text(cell) for cell in row] for row in rows(document))
    return Rendered(out.getvalue().encode("utf-8-sig"))


def _text(cell: Cell) -> str:
    """A cell as text: days as YYYY-MM-DD, yes and no in Thai, no formula."""
    if isinstance(cell, bool):
        return "ใช่" if cell else "ไม่"
    if isinstance(cell, date):
        return cell.isoformat()
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
