"""The report as a flat table, one row a step with its measure's columns: what CSV and Excel share."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Final

from reports.document.annex import entry, in_one_line
from reports.document.approval import APPROVED, DRAFT
from reports.document.changes import MeasureChange, changes_in
from reports.document.facts import IndicatorSection, MeasureRow, ReportDocument, StepLine

Cell = str | int | bool | date | None


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its key in the data dictionary, its Thai heading, its width in characters, what it means."""

    key: str
    heading: str
    width: int
    meaning: str


COLUMNS: Final = (
    TableColumn("fiscal_year", "ปีงบประมาณ", 12, "ปี พ.ศ. ที่สิ้นปีงบประมาณ"),
    TableColumn("months", "รอบ (เดือน)", 11, "6 คือตุลาคมถึงมีนาคม 12 คือทั้งปีงบประมาณ"),
    TableColumn("indicator", "ตัวชี้วัดที่", 10, "เลขตัวชี้วัดของการประเมิน ITA"),
    TableColumn("indicator_name", "ชื่อตัวชี้วัด", 26, "ชื่อตัวชี้วัดของปีนั้น"),
    TableColumn("measure", "ลำดับมาตรการ", 13, "นับจาก 1 ตลอดรายงาน"),
    TableColumn("title", "มาตรการ", 44, "ชื่อมาตรการ"),
    TableColumn("step", "ขั้นตอนที่", 10, "เลขที่พิมพ์หน้าขั้นตอน ว่างเมื่อมาตรการไม่มีขั้นตอน"),
    TableColumn("step_text", "ขั้นตอน/วิธีการปฏิบัติ", 60, "สิ่งที่ต้องทำ"),
    TableColumn("step_done_on", "ขั้นตอนเสร็จเมื่อ", 16, "วันที่รายงานว่าเสร็จ ว่างคือยังไม่มีการรายงาน"),
    TableColumn("parties", "ผู้รับผิดชอบ", 34, "ชื่อผู้รับผิดชอบ บรรทัดละหนึ่งชื่อ"),
    TableColumn("due_text", "กำหนดแล้วเสร็จ", 26, "ข้อความตามแผน"),
    TableColumn("due_on", "วันครบกำหนด", 13, "วันที่ใช้คำนวณความล่าช้า"),
    TableColumn("status", "สถานะ", 20, "สถานะของมาตรการเมื่อทำรายงาน"),
    TableColumn("late", "ล่าช้า", 9, "ครบกำหนดก่อนสิ้นรอบ แต่ยังไม่เสร็จและไม่ยกเลิก"),
    TableColumn("result", "ผลการดำเนินงาน (รายละเอียด)", 50, "สิ่งที่ได้ดำเนินการ"),
    TableColumn("obstacle", "ปัญหา/อุปสรรค และข้อเสนอแนะ", 40, "สิ่งที่ขัดข้องและข้อเสนอ"),
    TableColumn("reason", "เหตุผล", 30, "เหตุผลที่ล่าช้า ยกเลิก หรือยังไม่เริ่ม"),
    TableColumn(
        "evidence",
        "หลักฐาน",
        50,
        "วันที่ ชื่อ และที่อยู่ของหลักฐาน บรรทัดละรายการ หลักฐานที่ไม่เผยแพร่มีเพียงวันที่ ลำดับที่ คำว่า “เก็บไว้ที่หน่วยงาน”"
        " และค่า SHA-256 ของไฟล์",
    ),
    TableColumn("state", "สถานะของรายงาน", 16, "ร่าง หรืออนุมัติแล้ว ช่องหลังจากนี้ของร่างว่าง ยกเว้นผู้รายงาน"),
    TableColumn("revision", "ฉบับที่", 9, "1 และเพิ่มขึ้นเมื่อแก้ไขฉบับก่อน"),
    TableColumn("code", "รหัสฉบับ", 13, "รหัสที่พิมพ์บนรายงาน ไม่ซ้ำกับฉบับใด"),
    TableColumn("reporter", "ผู้รายงาน", 24, "ชื่อผู้รายงาน ว่างเมื่อลงชื่อด้วยมือ"),
    TableColumn("reporter_post", "ตำแหน่งผู้รายงาน", 26, "ตำแหน่งของผู้รายงาน"),
    TableColumn("reported_on", "วันที่รายงาน", 13, "วันที่ส่งรายงานเพื่ออนุมัติ"),
    TableColumn("approved_by", "ผู้อนุมัติ", 24, "ชื่อผู้อนุมัติ"),
    TableColumn("approved_post", "ตำแหน่งผู้อนุมัติ", 26, "ตำแหน่งของผู้อนุมัติ"),
    TableColumn("approved_on", "วันที่อนุมัติ", 13, "วันที่อนุมัติรายงาน"),
    TableColumn("address", "ที่อยู่สำหรับตรวจสอบ", 40, "หน้าเว็บสาธารณะของฉบับนี้"),
)
# Only in a report that stands beside an earlier one, and there in every row of a measure.
CHANGE_COLUMNS: Final = (
    TableColumn("change", "การเปลี่ยนแปลงจากรอบก่อน", 26, "สิ่งที่เปลี่ยนจากรายงานรอบ 6 เดือน คั่นด้วย ·"),
    TableColumn("status_before", "สถานะในรอบก่อน", 20, "ว่างเมื่อเป็นมาตรการที่เพิ่มใหม่"),
    TableColumn("result_before", "ผลการดำเนินงานในรอบก่อน", 50, "รายละเอียดตามรายงานรอบ 6 เดือน"),
    TableColumn("steps_done_before", "ขั้นตอนที่เสร็จในรอบก่อน", 14, "จำนวนขั้นตอน ไม่นับของมาตรการที่ยกเลิก"),
    TableColumn("steps_before", "ขั้นตอนทั้งหมดในรอบก่อน", 14, "จำนวนขั้นตอน ไม่นับของมาตรการที่ยกเลิก"),
)
# Only in a file of invented facts, and there in every row: rows are copied into other tables.
SAMPLE_COLUMN: Final = TableColumn("sample_note", "หมายเหตุ", 20, "ข้อมูลตัวอย่าง คือเรื่องสมมุติเพื่อทดลองใช้ระบบ")


def columns_of(document: ReportDocument) -> tuple[TableColumn, ...]:
    """The columns of a document's rows."""
    changes = CHANGE_COLUMNS if document.earlier else ()
    return (*COLUMNS, *changes, *((SAMPLE_COLUMN,) if document.sample_note else ()))


def rows(document: ReportDocument) -> Iterator[tuple[Cell, ...]]:
    """The cells of columns_of() for each step; a measure without steps has one row with empty step cells."""
    of_report = approval_of(document)
    sample = (document.sample_note,) if document.sample_note else ()
    changes = changes_in(document)
    of_measures = [change_of(change) for change in changes.measures] if changes else repeat(())
    measures = ((section, measure) for section in document.sections for measure in section.measures)
    # What is gone has no row here: it comes after all others.
    for number, ((section, measure), of_measure) in enumerate(zip(measures, of_measures, strict=False), 1):
        for step in measure.steps or (None,):
            yield (*_row(document, section, number, measure, step), *of_report, *of_measure, *sample)


def change_of(change: MeasureChange) -> tuple[Cell, ...]:
    """The cells of CHANGE_COLUMNS."""
    steps = change.steps_before
    counts = (steps.done, steps.total) if steps else (None, None)
    return (change.words, change.status_before, change.result_before, *counts)


def approval_of(document: ReportDocument) -> tuple[Cell, ...]:
    """The cells that are the same in every row: from `state` on."""
    by, mark = document.reporter, document.edition
    if mark is None:
        return (DRAFT, None, "", by.name, by.post, None, "", "", None, "")
    reported = (by.name, by.post, mark.reported_on)
    approved = (mark.approved_by, mark.approved_post, mark.approved_on)
    return (APPROVED, mark.revision, mark.code, *reported, *approved, mark.address)


def _row(
    document: ReportDocument,
    section: IndicatorSection,
    number: int,
    measure: MeasureRow,
    step: StepLine | None,
) -> tuple[Cell, ...]:
    return (
        document.fiscal_year,
        document.months,
        section.number,
        section.name,
        number,
        measure.title,
        step.label if step else "",
        step.text if step else "",
        step.done_on if step else None,
        "\n".join(measure.parties),
        measure.due_text,
        measure.due_on,
        measure.status_label,
        measure.late,
        measure.result,
        measure.obstacle,
        measure.reason,
        "\n".join(in_one_line(entry(line, is_draft=document.is_draft)) for line in measure.evidence),
    )
