"""The plan as a workbook that goes round: a division fills it in without the site, and it is brought back.

Each row carries the key of its measure and the version that was written out, so that what somebody else has
reported meanwhile is never lost.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from accounts.models import User
from core.excel_cells import write_text
from core.locking import Difference, StaleEdit
from core.text import number_in
from measures.access import can_update_measure
from measures.models import Measure
from measures.plan_import.parsing import Unreadable, read
from measures.plan_import.tables.table import Row, lines_of
from measures.progress.rules import KEEP_STEPS, LABELS, STORED_FIELDS, problems_of, progress_of
from measures.progress.services import Progress, save_progress
from measures.status import Status

FONT: Final = "Sarabun"
INSTRUCTIONS: Final = (
    "กรอกเฉพาะช่องสีขาว: สถานะ เหตุผล ผลการดำเนินงาน และปัญหา/อุปสรรค ช่องสีเทาล็อกไว้",
    "ห้ามแก้รหัสและรุ่น ระบบใช้ตรวจว่ามีผู้อื่นรายงานมาตรการเดียวกันไปก่อนหรือไม่",
    "บันทึกเป็น .xlsx แล้วส่งกลับให้เจ้าหน้าที่ หรือนำกลับเข้าระบบที่หน้า “รายงานผ่าน Excel”",
)
HEADINGS: Final[Mapping[str, tuple[str, int]]] = {
    "pk": ("รหัส", 8),
    "version": ("รุ่น", 6),
    "indicator": ("ตัวชี้วัดที่", 10),
    "title": ("มาตรการ", 44),
    "due": ("กำหนดแล้วเสร็จ", 26),
    "status": ("สถานะ", 24),
    "status_reason": ("เหตุผล", 34),
    "result": ("ผลการดำเนินงาน", 54),
    "obstacle": ("ปัญหา/อุปสรรค และข้อเสนอแนะ", 44),
}
NO_TABLE: Final = "ไม่พบตารางที่ระบบส่งออกในไฟล์นี้ กรุณาใช้ไฟล์ที่ดาวน์โหลดจากหน้านี้ และอย่าลบแถวหัวตาราง"
STATUSES: Final = {str(status.label): status.value for status in Status}


@dataclass(frozen=True)
class SheetRow:
    """A row of a workbook that came back; problem is a Thai sentence where it cannot be used."""

    pk: int
    version: int
    values: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True)
class SheetLine:
    """What a row would do to its measure: which fields change, or why it does nothing."""

    row: SheetRow
    title: str
    differences: Sequence[Difference]
    why_not: str
    progress: Progress | None = None

    @property
    def changes(self) -> bool:
        return bool(self.differences) and not self.why_not

    @property
    def plain(self) -> dict[str, Any]:
        """The row as numbers and texts, for the confirmation to send back."""
        return asdict(self.row)


# --- Out ---------------------------------------------------------------------------------------------


def workbook(measures: Iterable[Measure], title: str) -> bytes:
    """Measures as a workbook to be filled in; they come with_parties()."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "รายงานผล"
    write_text(sheet.cell(1, 1), title)
    sheet.cell(1, 1).font = Font(name=FONT, bold=True, size=14)
    for number, line in enumerate(INSTRUCTIONS, 2):
        sheet.cell(number, 1, line).font = Font(name=FONT)
    head = len(INSTRUCTIONS) + 3
    for place, (heading, width) in enumerate(HEADINGS.values(), 1):
        top = sheet.cell(head, place, heading)
        top.font = Font(name=FONT, bold=True)
        top.fill = PatternFill("solid", fgColor="C9D6DF")
        sheet.column_dimensions[get_column_letter(place)].width = width
    number = head
    for number, measure in enumerate(measures, head + 1):
        for place, (name, value) in enumerate(_values(measure).items(), 1):
            cell = sheet.cell(number, place)
            if isinstance(value, str):
                write_text(cell, value)
            else:
                cell.value = value
            cell.font = Font(name=FONT)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.protection = Protection(locked=name not in STORED_FIELDS)
            if name not in STORED_FIELDS:
                cell.fill = PatternFill("solid", fgColor="EEF1F4")
    choice = DataValidation(type="list", formula1='"{}"'.format(",".join(STATUSES)), allow_blank=False)
    choice.error = "กรุณาเลือกสถานะจากรายการ"
    column = get_column_letter(list(HEADINGS).index("status") + 1)
    choice.add(f"{column}{head + 1}:{column}{max(number, head + 1)}")
    sheet.add_data_validation(choice)
    sheet.freeze_panes = f"E{head + 1}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _values(measure: Measure) -> dict[str, str | int]:
    return {
        "pk": measure.pk,
        "version": measure.version,
        "indicator": measure.indicator.number,
        "title": measure.title,
        "due": measure.due_text,
        "status": str(Status(measure.status).label),
        **{name: getattr(measure, name) for name in STORED_FIELDS if name != "status"},
    }


# --- Back --------------------------------------------------------------------------------------------


def rows_of(name: str, content: bytes) -> Sequence[SheetRow]:
    """The filled-in rows of a workbook.

    Raises:
        Unreadable: it is no workbook, or not one that was written out here.
    """
    for table in read(name, content):
        for place, row in enumerate(table.rows):
            headings = {cell.text: column for column, cell in row.placed()}
            columns = {key: headings.get(heading) for key, (heading, _) in HEADINGS.items()}
            if all(columns[key] is not None for key in ("pk", "version", *STORED_FIELDS)):
                known = {key: column for key, column in columns.items() if column is not None}
                return [_row(each, known) for each in table.rows[place + 1 :] if each.filled]
    raise Unreadable(NO_TABLE)


def _row(row: Row, columns: Mapping[str, int]) -> SheetRow:
    texts = {column: "\n".join(line.text for line in cell.lines) for column, cell in row.placed()}
    found = {key: texts.get(column, "") for key, column in columns.items()}
    values = {name: found[name] for name in STORED_FIELDS}
    values["status"] = STATUSES.get(found["status"], found["status"])
    pk, version = number_in(found["pk"], 18), number_in(found["version"], 9)
    if pk is None or version is None:
        return SheetRow(0, 0, values, f"แถวที่ {row.number}: รหัสหรือรุ่นถูกแก้ กรุณาคัดลอกจากไฟล์เดิม")
    return SheetRow(pk, version, values)


def lines_of_rows(
    rows: Sequence[SheetRow], measures: Iterable[Measure], person: User, today: date
) -> Sequence[SheetLine]:
    """What each row would do; measures are those of the plan, with_parties() and with_step_counts()."""
    known = {measure.pk: measure for measure in measures}
    seen: set[int] = set()
    lines = []
    for row in rows:
        lines.append(_line(row, known.get(row.pk), person, today, is_second=row.pk in seen))
        seen.add(row.pk)
    return lines


def _line(row: SheetRow, measure: Measure | None, person: User, today: date, *, is_second: bool) -> SheetLine:
    if row.problem:
        return SheetLine(row, "", (), row.problem)
    if measure is None:
        return SheetLine(row, f"รหัส {row.pk}", (), "ไม่มีมาตรการนี้ในแผนของปีนี้")
    if is_second:
        return SheetLine(row, measure.title, (), "มีรหัสนี้มากกว่าหนึ่งแถว ใช้แถวแรกแถวเดียว")
    differences = _differences(row, measure)
    if not differences:
        return SheetLine(row, measure.title, (), "ไม่มีอะไรเปลี่ยน")
    progress = _progress(row, measure)
    why_not = ""
    if not can_update_measure(person, measure):
        why_not = "คุณรายงานผลของมาตรการนี้ไม่ได้"
    elif row.version != measure.version:
        why_not = "มีผู้รายงานมาตรการนี้ไปแล้วหลังจากส่งออกไฟล์ กรุณาดูค่าทั้งสองแล้วแก้ในระบบ"
    else:
        # A workbook has no place for the question about open steps: they stay as they are.
        why_not = " ".join(problems_of(measure, progress, KEEP_STEPS, today).values())
    return SheetLine(row, measure.title, differences, why_not, progress)


def _progress(row: SheetRow, measure: Measure) -> Progress:
    # A workbook does not keep every space: what reads the same is left as it is stored.
    stored = {name: str(getattr(measure, name)) for name in STORED_FIELDS}
    return progress_of(
        {
            name: stored[name] if _same(row.values[name], stored[name]) else row.values[name]
            for name in STORED_FIELDS
        }
    )


def _differences(row: SheetRow, measure: Measure) -> Sequence[Difference]:
    return [
        Difference(
            LABELS[name],
            _readable(name, getattr(measure, name)),
            _readable(name, row.values[name]),
        )
        for name in STORED_FIELDS
        if not _same(row.values[name], getattr(measure, name))
    ]


def _same(typed: str, stored: str) -> bool:
    return lines_of(typed) == lines_of(stored)


def _readable(name: str, value: str) -> str:
    return str(Status(value).label) if name == "status" and value in Status.values else value


@transaction.atomic
def apply_lines(lines: Sequence[SheetLine], measures: Mapping[int, Measure], person: User) -> int:
    """Store what was confirmed; how many measures were changed.

    Raises:
        StaleEdit: somebody reported on one of them in between; nothing is stored then.
    """
    # What was confirmed would all change; a row that no longer would was overtaken.
    if any(line.why_not for line in lines):
        raise StaleEdit
    for line in lines:
        if line.progress is not None:
            save_progress(measures[line.row.pk], line.row.version, line.progress, person)
    return len(lines)
