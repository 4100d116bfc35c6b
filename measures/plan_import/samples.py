"""A sample plan and a blank form, in Word and in Excel: the import reads them without a question."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.file_kinds import DOCX, XLSX, Kind

HEAD: Final = (
    "ตัวชี้วัดที่",
    "มาตรการ",
    "ขั้นตอน/วิธีการปฏิบัติ",
    "ผู้รับผิดชอบ",
    "กำหนดแล้วเสร็จ",
    "ผลการดำเนินงาน",
)
TITLE: Final = "แผนมาตรการส่งเสริมคุณธรรมและความโปร่งใส ปีงบประมาณ พ.ศ. {year}"
HINT: Final = "กรอกแถวละหนึ่งมาตรการ ขั้นตอนขึ้นบรรทัดใหม่ทุกข้อ ผู้รับผิดชอบบรรทัดละหนึ่งส่วนราชการ"
BLANK_ROWS: Final = 10
# Of 100, and of the 252 mm between the margins of a page.
_SHARES: Final = (8, 22, 30, 14, 12, 14)
_PAGE: Final = 252


@dataclass(frozen=True)
class Sample:
    """A file to download: whether measures stand in it, what kind it is, and the name that it gets."""

    has_measures: bool
    kind: Kind
    name: str


SAMPLES: Final = {
    "sample.docx": Sample(has_measures=True, kind=DOCX, name="ตัวอย่างแผน"),
    "sample.xlsx": Sample(has_measures=True, kind=XLSX, name="ตัวอย่างแผน"),
    "form.docx": Sample(has_measures=False, kind=DOCX, name="แบบกรอกแผน"),
    "form.xlsx": Sample(has_measures=False, kind=XLSX, name="แบบกรอกแผน"),
}

Rows = Sequence[Sequence[str]]


def sample_rows(year: int) -> Rows:
    """Three measures as a plan of a fiscal year has them, cell by cell; lines are divided by line ends."""
    return (
        (
            "1",
            "จัดทำคู่มือหรือแนวทางการปฏิบัติงานของเจ้าหน้าที่",
            "1. รวบรวมกระบวนงานของแต่ละส่วนราชการ\n2. จัดทำร่างคู่มือ\n3. เผยแพร่บนเว็บไซต์ของหน่วยงาน",
            "สำนักปลัด",
            f"31 มีนาคม {year}",
            "ยังไม่ดำเนินการ",
        ),
        (
            "2",
            "เผยแพร่แผนการใช้จ่ายงบประมาณประจำปี",
            "1. จัดทำแผนการใช้จ่าย\n2. เสนอผู้บริหารเห็นชอบ\n3. เผยแพร่บนเว็บไซต์ของหน่วยงาน",
            "กองคลัง",
            f"31 ธันวาคม {year - 1}",
            "อยู่ระหว่างดำเนินการ",
        ),
        (
            "10",
            "ประกาศนโยบายไม่รับของขวัญจากการปฏิบัติหน้าที่",
            "1. จัดทำร่างประกาศ\n2. เสนอผู้บริหารลงนาม\n3. แจ้งเวียนทุกส่วนราชการ",
            "สำนักปลัด\nกองคลัง",
            f"30 กันยายน {year}",
            "ดำเนินการแล้วเสร็จ",
        ),
    )


def sample_file(sample: Sample, year: int) -> bytes:
    """The content of a sample or form for a fiscal year."""
    rows = sample_rows(year) if sample.has_measures else [[""] * len(HEAD)] * BLANK_ROWS
    return (_word if sample.kind is DOCX else _excel)(TITLE.format(year=year), rows)


def _word(title: str, rows: Rows) -> bytes:
    # Loaded where it is needed: most pages need none of it.
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(22)
    document.add_heading(title, level=1)
    document.add_paragraph(HINT)
    table = document.add_table(rows=1 + len(rows), cols=len(HEAD))
    table.style = "Table Grid"
    for row, values in zip(table.rows, (HEAD, *rows), strict=True):
        for cell, value, share in zip(row.cells, values, _SHARES, strict=True):
            cell.width = Mm(_PAGE * share / 100)
            first, *others = value.split("\n")
            cell.paragraphs[0].add_run(first).bold = values is HEAD or None
            for other in others:
                cell.add_paragraph(other)
    document.add_paragraph("")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _excel(title: str, rows: Rows) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "แผน"
    sheet.append([title])
    sheet.append([HINT])
    sheet["A1"].font = Font(bold=True)
    line = Side(style="thin")
    for number, row in enumerate((HEAD, *rows), 3):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, int(value) if value.isdecimal() else value or None)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            cell.font = Font(bold=row is HEAD)
    for column, share in enumerate(_SHARES, 1):
        sheet.column_dimensions[get_column_letter(column)].width = share * 1.4
    sheet.freeze_panes = "A4"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
