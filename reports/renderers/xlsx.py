"""The report as an Excel workbook."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.excel_cells import LONGEST, write_text
from reports.document.facts import ReportDocument
from reports.renderers import Rendered
from reports.renderers.table import Cell, TableColumn, columns_of, rows
from reports.renderers.xml_archive import dated

SHEET: Final = "รายงาน"
FONT: Final = "Sarabun"
TEXT_FONT: Final = Font(name=FONT)
TEXT_ALIGNMENT: Final = Alignment(wrap_text=True, vertical="top")
DAY_FORMAT: Final = "yyyy-mm-dd"


def make(document: ReportDocument) -> Rendered:
    """One sheet, one row a step: typed cells, a frozen header, widths and filters."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    _head(sheet, columns_of(document))
    cut = 0
    for number, row in enumerate(rows(document), 2):
        for column, value in enumerate(row, 1):
            cut += _write(sheet.cell(number, column), value)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _describe(book, document)
    file = io.BytesIO()
    book.save(file)
    notes = (f"ตัดข้อความที่ยาวเกิน {LONGEST:,} ตัวอักษร ซึ่งเป็นขีดจำกัดของ Excel: {cut} ช่อง",) if cut else ()
    return Rendered(dated(file.getvalue(), document.as_of), notes=notes)


def _head(sheet: Worksheet, columns: Sequence[TableColumn]) -> None:
    for place, column in enumerate(columns, 1):
        cell = sheet.cell(1, place, column.heading)
        cell.font = Font(name=FONT, bold=True)
        cell.fill = PatternFill("solid", fgColor="E9EDF1")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = column.width


def _write(cell: ExcelCell | MergedCell, value: Cell) -> bool:
    """Write a cell with its type; whether its text had to be cut."""
    cell.font = TEXT_FONT
    cell.alignment = TEXT_ALIGNMENT
    if isinstance(value, bool):
        cell.value = "ใช่" if value else "ไม่"
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = DAY_FORMAT
    elif isinstance(value, str):
        return write_text(cell, value)
    else:
        cell.value = value
    return False


def _describe(book: Workbook, document: ReportDocument) -> None:
    properties = book.properties
    properties.title = " ".join(document.title_lines)
    properties.creator = document.agency
    properties.language = "th"
    # The day of its facts, not of the export.
    properties.created = datetime.combine(document.as_of, time())
