"""What the sheets of the report's workbook have in common: typed cells, tables, links, printing."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from core.excel_cells import write_text
from core.text import lines_needed
from reports.document.approval import DRAFT, footer
from reports.document.facts import ReportDocument
from reports.renderers.links import link_target
from reports.renderers.office_font import FONT, TEXT_SIZE
from reports.renderers.table import Cell, TableColumn

TEXT_FONT: Final = Font(name=FONT, size=TEXT_SIZE)
BOLD_FONT: Final = Font(name=FONT, size=TEXT_SIZE, bold=True)
LINK_FONT: Final = Font(name=FONT, size=TEXT_SIZE, color="0B3F86", underline="single")
TEXT_ALIGNMENT: Final = Alignment(wrap_text=True, vertical="top")
HEAD_ALIGNMENT: Final = Alignment(wrap_text=True, vertical="center")
HEAD_FILL: Final = PatternFill("solid", fgColor="E7E7E7")
DAY_FORMAT: Final = "yyyy-mm-dd"
# Points of a line of text, and of the tallest row there can be. LibreOffice does not measure
# rows when it opens a file, so that they are counted: a column as wide as so many digits holds about as many
# letters, less what a line loses because words are not cut.
LINE: Final = TEXT_SIZE * 1.35
TALLEST: Final = 409
LOST: Final = 2
# What the sheet of a workbook can hold.
MOST_LINKS: Final = 65_000
# Excel takes no more in one part of a header or a footer, commands and all.
LONGEST_FOOTER: Final = 180


def write_cell(cell: ExcelCell | MergedCell, value: Cell) -> bool:
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


def write_table(
    sheet: Worksheet, name: str, columns: Sequence[TableColumn], rows: Iterable[Sequence[Cell]]
) -> int:
    """Fill a sheet with a table that Excel knows as one: with filters and a head that stays in sight.

    Args:
        name: of the table, for formulas; English letters.

    Returns:
        How many texts had to be cut.
    """
    for place, column in enumerate(columns, 1):
        cell = sheet.cell(1, place, column.heading)
        cell.font, cell.fill, cell.alignment = BOLD_FONT, HEAD_FILL, HEAD_ALIGNMENT
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    set_height(sheet, 1, max(lines_in(column.heading, column.width) for column in columns))
    cut, last = 0, 1
    for last, row in enumerate(rows, 2):
        for place, value in enumerate(row, 1):
            cut += write_cell(sheet.cell(last, place), value)
        texts = [(cell, column) for cell, column in zip(row, columns, strict=True) if isinstance(cell, str)]
        set_height(sheet, last, max(lines_in(text, column.width) for text, column in texts))
    # A table without a row is none to Excel: an empty one has an empty row.
    table = Table(displayName=name, ref=f"A1:{get_column_letter(len(columns))}{max(last, 2)}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(table)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    return cut


def lines_in(text: str, width: float) -> int:
    """How many lines a text takes in a column."""
    return lines_needed(text, int(width - LOST))


def set_height(sheet: Worksheet, row: int, lines: float) -> None:
    """Make a row as tall as so many lines, as far as a row can be."""
    sheet.row_dimensions[row].height = min(round(lines * LINE + 3, 1), TALLEST)


def link(cell: ExcelCell | MergedCell, address: str) -> None:
    """Make a cell with an address of the web a link, where it can be one."""
    target = link_target(address)
    if target:
        cell.hyperlink = Hyperlink(ref=cell.coordinate, target=target)
        cell.font = LINK_FONT


def link_within(cell: ExcelCell | MergedCell, sheet: str, place: str) -> None:
    """Let a cell lead to another of the workbook."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!{place}")


def set_print(sheet: Any, document: ReportDocument) -> None:
    """A4 landscape, as wide as the page, with which report it is on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    # In inches: 25 mm on the left for filing, 20 and less elsewhere.
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = 0.98, 0.6, 0.75, 0.75
    margins.header = margins.footer = 0.35
    # To Excel an ampersand begins a command.
    text = footer(document)[:LONGEST_FOOTER].replace("&", "&&")[:LONGEST_FOOTER].removesuffix("&")
    sheet.oddFooter.left.text = text
    sheet.oddFooter.right.text = "หน้า &P จาก &N"
    if document.is_draft:
        sheet.oddHeader.right.text = DRAFT
