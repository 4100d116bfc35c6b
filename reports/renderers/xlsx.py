"""The report as an Excel workbook: data, one to print, changes, evidence, approval, what columns mean."""

import io
from datetime import datetime, time
from typing import Final

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.excel_cells import LONGEST
from reports.document.approval import qr_picture
from reports.document.changes import changes_in
from reports.document.facts import ReportDocument
from reports.document.first_page import headline
from reports.renderers import Rendered
from reports.renderers.change_table import CHANGE_SHEET, change_row
from reports.renderers.table import (
    COLUMNS,
    EVIDENCE_COLUMNS,
    OF_REPORT,
    Cell,
    TableColumn,
    columns_of,
    evidence_rows,
    of_report,
    rows,
)
from reports.renderers.xlsx_paper import write_paper
from reports.renderers.xlsx_parts import (
    BOLD_FONT,
    MOST_LINKS,
    lines_in,
    link,
    link_within,
    set_height,
    set_print,
    write_cell,
    write_table,
)
from reports.renderers.xml_archive import dated

SHEET: Final = "รายงาน"
PAPER_SHEET: Final = "สำหรับพิมพ์"
EVIDENCE_SHEET: Final = "หลักฐาน"
APPROVAL_SHEET: Final = "การอนุมัติ"
MEANING_SHEET: Final = "คำอธิบาย"
MEANING_COLUMNS: Final = (
    TableColumn("sheet", "แผ่นงาน", 32, ""),
    TableColumn("heading", "หัวคอลัมน์", 34, ""),
    TableColumn("key", "ชื่อสำหรับโปรแกรม", 22, ""),
    TableColumn("meaning", "ความหมาย", 90, ""),
)
APPROVAL_WIDTH: Final = 90
QR_PIXELS: Final = 150
# openpyxl cannot say that a text is meant to be one. Without it Excel marks each 1.10 as a mistake.
IS_TEXT: Final = '<ignoredErrors><ignoredError sqref="{}" numberStoredAsText="1"/></ignoredErrors>'


def make(document: ReportDocument) -> Rendered:
    """A workbook whose first sheet is the table of CSV, with typed cells."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    columns = columns_of(document)
    cut = write_table(sheet, "Report", columns, rows(document))
    cut += write_paper(book.create_sheet(PAPER_SHEET), document)
    cut += _changes(book, document)
    if document.evidence:
        cut += _evidence(book.create_sheet(EVIDENCE_SHEET), document)
        _link_evidence(sheet, document)
    _approval(book.create_sheet(APPROVAL_SHEET), document)
    _meanings(book, document)
    for each in book.worksheets:
        set_print(each, document)
    # What is the same in every row stands on the sheet of the approval, the evidence on its own.
    keys = [column.key for column in columns]
    first, last = (get_column_letter(keys.index(key) + 1) for key in ("indicator", "reason"))
    sheet.print_area = f"{first}1:{last}{max(sheet.max_row, 2)}"
    _describe(book, document)
    file = io.BytesIO()
    book.save(file)
    step = get_column_letter(keys.index("step") + 1)
    is_text = IS_TEXT.format(f"{step}2:{step}{max(sheet.max_row, 2)}").encode()
    is_text = b"</headerFooter>" + is_text
    content = dated(
        file.getvalue(), document.as_of, {"xl/worksheets/sheet1.xml": (b"</headerFooter>", is_text)}
    )
    notes = (f"ตัดข้อความที่ยาวเกิน {LONGEST:,} ตัวอักษร ซึ่งเป็นขีดจำกัดของ Excel: {cut} ช่อง",) if cut else ()
    return Rendered(content, notes=notes)


def _changes(book: Workbook, document: ReportDocument) -> int:
    """What changed since the round before, where the report stands beside one, a row for each measure."""
    changes = changes_in(document)
    if changes is None:
        return 0
    sheet = book.create_sheet(changes.heading)
    return write_table(sheet, "Changes", CHANGE_SHEET, map(change_row, changes.measures))


def _evidence(sheet: Worksheet, document: ReportDocument) -> int:
    """The annex, a row each, with links."""
    cut = write_table(sheet, "Evidence", EVIDENCE_COLUMNS, evidence_rows(document))
    place = [column.key for column in EVIDENCE_COLUMNS].index("web_address") + 1
    for number, line in enumerate(document.evidence[:MOST_LINKS], 2):
        if line.address:
            link(sheet.cell(number, place), line.address)
    return cut


def _link_evidence(sheet: Worksheet, document: ReportDocument) -> None:
    """Let each measure's evidence lead to the first of it on its own sheet."""
    place = [column.key for column in COLUMNS].index("evidence") + 1
    row, first, links = 2, 2, 0
    for measure in document.measures:
        for _ in measure.steps or (None,):
            if measure.evidence and links < MOST_LINKS:
                link_within(sheet.cell(row, place), EVIDENCE_SHEET, f"A{first}")
                links += 1
            row += 1
        first += len(measure.evidence)


def _approval(sheet: Worksheet, document: ReportDocument) -> None:
    """Which report it is, who reported and approved, with the QR code of the address."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, APPROVAL_WIDTH
    sentence = headline(document)
    facts: list[tuple[str, Cell]] = [
        ("รายงาน", " ".join(document.title_lines)),
        ("สรุป", " · ".join(text for text in (sentence.answer, sentence.rest) if text)),
        *zip([column.heading for column in OF_REPORT], of_report(document), strict=False),
    ]
    if document.edition and document.edition.correction:
        facts.append(("แก้ไขจากฉบับก่อน", document.edition.correction))
    if document.sample_note:
        facts.append(("หมายเหตุ", document.sample_note))
    for number, (name, value) in enumerate(facts, 1):
        write_cell(sheet.cell(number, 1), name)
        sheet.cell(number, 1).font = BOLD_FONT
        cell = sheet.cell(number, 2)
        write_cell(cell, value)
        set_height(sheet, number, lines_in(str(value), APPROVAL_WIDTH))
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
        if document.edition and value == document.edition.address:
            link(cell, document.edition.address)
    if document.edition:
        picture = Image(io.BytesIO(qr_picture(document.edition.address)))
        picture.width = picture.height = QR_PIXELS
        sheet.add_image(picture, f"B{len(facts) + 2}")


def _meanings(book: Workbook, document: ReportDocument) -> None:
    """What each column means, as the site's page of the data says it."""
    told = [(SHEET, column) for column in columns_of(document)]
    if changes := changes_in(document):
        told += [(changes.heading, column) for column in CHANGE_SHEET]
    if document.evidence:
        told += [(EVIDENCE_SHEET, column) for column in EVIDENCE_COLUMNS]
    lines = [(name, column.heading, column.key, column.meaning) for name, column in told]
    write_table(book.create_sheet(MEANING_SHEET), "Meanings", MEANING_COLUMNS, lines)


def _describe(book: Workbook, document: ReportDocument) -> None:
    properties = book.properties
    properties.title = " ".join(document.title_lines)
    properties.creator = document.agency
    properties.language = "th"
    properties.identifier = document.edition.address if document.edition else None
    # The day of its facts, not of the export.
    properties.created = datetime.combine(document.as_of, time())
