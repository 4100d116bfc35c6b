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
from measures.access import can_update
from measures.models import Measure, Part, Report
from measures.parts.services import save_report
from measures.plan_import.parsing import Unreadable, read
from measures.plan_import.tables.table import Row, lines_of
from measures.progress.rules import KEEP_STEPS, LABELS, STORED_FIELDS, problems_of, progress_of
from measures.progress.services import Progress
from measures.status import Status

FONT: Final = "Sarabun"
INSTRUCTIONS: Final = (
    "กรอกเฉพาะช่องสีขาว: สถานะ เหตุผล ผลการดำเนินงาน และปัญหา/อุปสรรค ช่องสีเทาล็อกไว้",
    "ห้ามแก้รหัสและรุ่น ระบบใช้ตรวจว่ามีผู้อื่นรายงานมาตรการเดียวกันไปก่อนหรือไม่",
    "แถวที่มีชื่อในช่องส่วนราชการคือส่วนของส่วนราชการนั้น แถวที่ช่องนี้ว่างคือผลของทั้งมาตรการ",
    "บันทึกเป็น .xlsx แล้วส่งกลับให้เจ้าหน้าที่ หรือนำกลับเข้าระบบที่หน้า “รายงานผ่าน Excel”",
)
HEADINGS: Final[Mapping[str, tuple[str, int]]] = {
    "pk": ("รหัส", 8),
    "version": ("รุ่น", 6),
    "indicator": ("ตัวชี้วัดที่", 10),
    "title": ("มาตรการ", 44),
    "division": ("ส่วนราชการ", 26),
    "due": ("กำหนดแล้วเสร็จ", 26),
    "status": ("สถานะ", 24),
    "status_reason": ("เหตุผล", 34),
    "result": ("ผลการดำเนินงาน", 54),
    "obstacle": ("ปัญหา/อุปสรรค และข้อเสนอแนะ", 44),
}
NO_TABLE: Final = "ไม่พบตารางที่ระบบส่งออกในไฟล์นี้ กรุณาใช้ไฟล์ที่ดาวน์โหลดจากหน้านี้ และอย่าลบแถวหัวตาราง"
TOO_OLD: Final = (
    "มาตรการนี้รายงานแยกตามส่วนราชการแล้ว แต่ไฟล์นี้ดาวน์โหลดไว้ก่อนหน้า กรุณาดาวน์โหลดไฟล์ใหม่แล้วกรอกในแถวของส่วนราชการ"
)
TOGETHER: Final = "มาตรการนี้รายงานร่วมกันแล้ว ไม่แยกตามส่วนราชการ กรุณาดาวน์โหลดไฟล์ใหม่"
NOT_ASSIGNED: Final = "{} ไม่ได้รับผิดชอบมาตรการนี้แล้ว"
STATUSES: Final = {str(status.label): status.value for status in Status}


@dataclass(frozen=True)
class SheetRow:
    """A row of a workbook that came back; problem is a Thai sentence where it cannot be used."""

    pk: int
    version: int
    values: Mapping[str, str]
    problem: str = ""
    division: str | None = ""
    """Whose part it is; empty for the measure as a whole, None where the workbook has no such column."""


@dataclass(frozen=True)
class SheetLine:
    """What a row would do to its measure or part: which fields change, or why it does nothing."""

    row: SheetRow
    title: str
    differences: Sequence[Difference]
    why_not: str
    progress: Progress | None = None
    report: Report | None = None

    @property
    def changes(self) -> bool:
        return bool(self.differences) and not self.why_not

    @property
    def plain(self) -> dict[str, Any]:
        """The row as numbers and texts, for the confirmation to send back."""
        return asdict(self.row)


# --- Out ---------------------------------------------------------------------------------------------


def workbook(reports: Iterable[Report], title: str) -> bytes:
    """Measures, and parts of them, as a workbook to be filled in, a row each."""
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
    for number, report in enumerate(reports, head + 1):
        for place, (name, value) in enumerate(_values(report).items(), 1):
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


def _values(report: Report) -> dict[str, str | int]:
    measure = report.about
    return {
        "pk": measure.pk,
        "version": report.version,
        "indicator": measure.indicator.number,
        "title": measure.title,
        "division": report.division.name if isinstance(report, Part) else "",
        "due": measure.due_text,
        "status": str(Status(report.status).label),
        **{name: getattr(report, name) for name in STORED_FIELDS if name != "status"},
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
    division = found["division"] if "division" in columns else None
    return SheetRow(pk, version, values, division=division)


def lines_of_rows(
    rows: Sequence[SheetRow], measures: Iterable[Measure], person: User, today: date
) -> Sequence[SheetLine]:
    """What each row would do; measures are those of the plan, with_parties(), with_parts() and
    with_step_counts().
    """
    known = {measure.pk: measure for measure in measures}
    seen: set[tuple[int, str]] = set()
    lines = []
    for row in rows:
        key = row.pk, row.division or ""
        lines.append(_line(row, known.get(row.pk), person, today, is_second=key in seen))
        seen.add(key)
    return lines


def _line(row: SheetRow, measure: Measure | None, person: User, today: date, *, is_second: bool) -> SheetLine:
    if row.problem:
        return SheetLine(row, "", (), row.problem)
    if measure is None:
        return SheetLine(row, f"รหัส {row.pk}", (), "ไม่มีมาตรการนี้ในแผนของปีนี้")
    if is_second:
        return SheetLine(row, measure.title, (), "มีรหัสนี้มากกว่าหนึ่งแถว ใช้แถวแรกแถวเดียว")
    report = _report_of(row, measure)
    if isinstance(report, str):
        return SheetLine(row, measure.title, (), report)
    title = f"{measure.title} (ส่วนของ{report.division.name})" if isinstance(report, Part) else measure.title
    differences = _differences(row, report)
    if not differences:
        return SheetLine(row, title, (), "ไม่มีอะไรเปลี่ยน")
    progress = _progress(row, report)
    why_not = ""
    if not can_update(person, report):
        why_not = "คุณรายงานผลของมาตรการนี้ไม่ได้"
    elif row.version != report.version:
        why_not = "มีผู้รายงานมาตรการนี้ไปแล้วหลังจากส่งออกไฟล์ กรุณาดูค่าทั้งสองแล้วแก้ในระบบ"
    else:
        # A workbook has no place for the question about open steps: they stay as they are.
        why_not = " ".join(problems_of(report, progress, KEEP_STEPS, today).values())
    return SheetLine(row, title, differences, why_not, progress, report)


def _report_of(row: SheetRow, measure: Measure) -> Report | str:
    """What a row reports on, or the Thai sentence that says why that is not there."""
    if not measure.by_division:
        return TOGETHER if row.division else measure
    if row.division is None:
        return TOO_OLD
    if not row.division:
        return measure
    named = (part for part in measure.assigned_parts if _same(row.division, part.division.name))
    return next(named, NOT_ASSIGNED.format(row.division))


def _progress(row: SheetRow, report: Report) -> Progress:
    # A workbook does not keep every space: what reads the same is left as it is stored.
    stored = {name: str(getattr(report, name)) for name in STORED_FIELDS}
    return progress_of(
        {
            name: stored[name] if _same(row.values[name], stored[name]) else row.values[name]
            for name in STORED_FIELDS
        }
    )


def _differences(row: SheetRow, report: Report) -> Sequence[Difference]:
    return [
        Difference(
            LABELS[name],
            _readable(name, getattr(report, name)),
            _readable(name, row.values[name]),
        )
        for name in STORED_FIELDS
        if not _same(row.values[name], getattr(report, name))
    ]


def _same(typed: str, stored: str) -> bool:
    return lines_of(typed) == lines_of(stored)


def _readable(name: str, value: str) -> str:
    return str(Status(value).label) if name == "status" and value in Status.values else value


@transaction.atomic
def apply_lines(lines: Sequence[SheetLine], person: User) -> int:
    """Store what was confirmed; how many measures and parts were changed.

    Raises:
        StaleEdit: somebody reported on one of them in between; nothing is stored then.
    """
    # What was confirmed would all change; a row that no longer would was overtaken.
    if any(line.why_not for line in lines):
        raise StaleEdit
    for line in lines:
        if line.progress is not None and line.report is not None:
            save_report(line.report, line.row.version, line.progress, person)
    return len(lines)
