"""The report as an Excel workbook."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.cell.cell import MergedCell
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from core.excel_cells import LONGEST, write_text
from reports.document.approval import DRAFT, footer, qr_picture
from reports.document.changes import changes_in
from reports.document.facts import ReportDocument
from reports.renderers import Rendered
from reports.renderers.change_table import CHANGE_SHEET, change_row
from reports.renderers.table import COLUMNS, Cell, TableColumn, approval_of, columns_of, rows
from reports.renderers.xml_archive import dated

SHEET: Final = "รายงาน"
APPROVAL_SHEET: Final = "การอนุมัติ"
# The last columns of the table say the same in every row.
OF_APPROVAL: Final = 10
QR_PIXELS: Final = 150
FONT: Final = "Sarabun"
TEXT_FONT: Final = Font(name=FONT)
TEXT_ALIGNMENT: Final = Alignment(wrap_text=True, vertical="top")
DAY_FORMAT: Final = "yyyy-mm-dd"


def make(document: ReportDocument) -> Rendered:
    """A sheet with one row a step: typed cells, a frozen header, widths, filters; one of the approval."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    write_head(sheet, columns_of(document))
    cut = write_rows(sheet, rows(document))
    sheet.auto_filter.ref = sheet.dimensions
    _set_print(sheet, document)
    _approval(book, document)
    cut += _changes(book, document)
    _describe(book, document)
    file = io.BytesIO()
    book.save(file)
    notes = (f"ตัดข้อความที่ยาวเกิน {LONGEST:,} ตัวอักษร ซึ่งเป็นขีดจำกัดของ Excel: {cut} ช่อง",) if cut else ()
    return Rendered(dated(file.getvalue(), document.as_of), notes=notes)


def _set_print(sheet: Any, document: ReportDocument) -> None:
    """A4 landscape, as wide as the page, with the head and which report it is on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    _margins(sheet, document)


def _margins(sheet: Any, document: ReportDocument) -> None:
    """Which report it is and the page's number, on every printed page; on top, that it is a draft."""
    # To Excel an ampersand begins a command.
    sheet.oddFooter.left.text = footer(document).replace("&", "&&")
    sheet.oddFooter.right.text = "&P/&N"
    if document.is_draft:
        sheet.oddHeader.right.text = DRAFT


def _approval(book: Workbook, document: ReportDocument) -> None:
    """A sheet that says which report it is, who reported and approved, with the QR code of the address."""
    sheet = book.create_sheet(APPROVAL_SHEET)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 70
    names = [column.heading for column in COLUMNS[-OF_APPROVAL:]]
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    _margins(sheet, document)
    facts: list[tuple[str, Cell]] = [("รายงาน", " ".join(document.title_lines))]
    facts += [("ข้อมูล ณ วันที่", document.as_of), *zip(names, approval_of(document), strict=False)]
    if document.edition and document.edition.correction:
        facts.append(("แก้ไขจากฉบับก่อน", document.edition.correction))
    for number, (name, value) in enumerate(facts, 1):
        _write(sheet.cell(number, 1), name)
        sheet.cell(number, 1).font = Font(name=FONT, bold=True)
        _write(sheet.cell(number, 2), value)
        sheet.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
    if document.edition:
        picture = Image(io.BytesIO(qr_picture(document.edition.address)))
        picture.width = picture.height = QR_PIXELS
        sheet.add_image(picture, f"B{len(facts) + 2}")


def _changes(book: Workbook, document: ReportDocument) -> int:
    """A sheet of what changed since the round before, where there is one; how many texts had to be cut."""
    changes = changes_in(document)
    if changes is None:
        return 0
    sheet = book.create_sheet(changes.heading)
    write_head(sheet, CHANGE_SHEET)
    cut = write_rows(sheet, map(change_row, changes.measures))
    _set_print(sheet, document)
    return cut


def write_rows(sheet: Any, lines: Iterable[Sequence[Cell]]) -> int:
    """Write lines below the head, which stays in sight; how many texts had to be cut."""
    cut = 0
    for number, line in enumerate(lines, 2):
        for column, value in enumerate(line, 1):
            cut += _write(sheet.cell(number, column), value)
    sheet.freeze_panes = "A2"
    return cut


def write_head(sheet: Worksheet, columns: Sequence[TableColumn]) -> None:
    """The headings in the first row, and how wide the columns are."""
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
