"""The report as flat tables, one row a step with its measure's columns, and one row a piece of evidence: what
CSV, Excel and the page that explains the data share.

Programs read these columns. None is renamed, moved or taken away; a new one comes after all others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Final

from reports.document.annex import STAYS, annex, entry, in_one_line
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


STEP_MEANING: Final = (
    "เลขที่พิมพ์หน้าขั้นตอน เช่น 1.10 ว่างเมื่อมาตรการไม่มีขั้นตอน ในไฟล์ CSV มีคำว่า “ข้อ” นำหน้า เช่น “ข้อ 1.10”"
    " เพราะโปรแกรมตารางอ่าน 1.10 เป็นจำนวน 1.1"
)
COLUMNS: Final = (
    TableColumn("fiscal_year", "ปีงบประมาณ", 12, "ปี พ.ศ. ที่สิ้นปีงบประมาณ"),
    TableColumn("months", "รอบ (เดือน)", 11, "6 คือตุลาคมถึงมีนาคม 12 คือทั้งปีงบประมาณ"),
    TableColumn("indicator", "ตัวชี้วัดที่", 10, "เลขตัวชี้วัดของการประเมิน ITA"),
    TableColumn("indicator_name", "ชื่อตัวชี้วัด", 20, "ชื่อตัวชี้วัดของปีนั้น"),
    TableColumn("measure", "ลำดับมาตรการ", 13, "นับจาก 1 ตลอดรายงาน"),
    TableColumn("title", "มาตรการ", 34, "เรื่องที่หน่วยงานตั้งใจทำ ตามแผน"),
    TableColumn("step", "ขั้นตอนที่", 10, STEP_MEANING),
    TableColumn("step_text", "ขั้นตอน/วิธีการปฏิบัติ", 44, "สิ่งที่ต้องทำ"),
    TableColumn("step_done_on", "ขั้นตอนเสร็จเมื่อ", 16, "วันที่รายงานว่าเสร็จ ว่างคือยังไม่มีการรายงาน"),
    TableColumn("parties", "ผู้รับผิดชอบ", 26, "ชื่อผู้รับผิดชอบ บรรทัดละหนึ่งชื่อ"),
    TableColumn("due_text", "กำหนดแล้วเสร็จ", 20, "ข้อความตามแผน"),
    TableColumn("due_on", "วันครบกำหนด", 13, "วันที่ใช้คำนวณความล่าช้า"),
    TableColumn("status", "สถานะ", 18, "สถานะของมาตรการเมื่อทำรายงาน"),
    TableColumn("late", "ล่าช้า", 9, "ครบกำหนดก่อนสิ้นรอบ แต่ยังไม่เสร็จและไม่ยกเลิก"),
    TableColumn("result", "ผลการดำเนินงาน (รายละเอียด)", 42, "สิ่งที่ได้ดำเนินการ"),
    TableColumn("obstacle", "ปัญหา/อุปสรรค และข้อเสนอแนะ", 32, "สิ่งที่ขัดข้องและข้อเสนอ"),
    TableColumn("reason", "เหตุผล", 26, "เหตุผลที่ล่าช้า ยกเลิก หรือยังไม่เริ่ม"),
    TableColumn(
        "evidence",
        "หลักฐาน",
        50,
        "วันที่ ชื่อ และที่อยู่ของหลักฐาน บรรทัดละรายการ หลักฐานที่ไม่เผยแพร่มีเพียงวันที่ ลำดับที่ คำว่า “เก็บไว้ที่หน่วยงาน”"
        " และค่า SHA-256 ของไฟล์",
    ),
    TableColumn("state", "สถานะของรายงาน", 16, "ร่าง หรืออนุมัติแล้ว ในร่าง ช่องของฉบับและการอนุมัติว่าง"),
    TableColumn("revision", "ฉบับที่", 9, "1 และเพิ่มขึ้นเมื่อแก้ไขฉบับก่อน"),
    TableColumn("code", "รหัสฉบับ", 13, "รหัสที่พิมพ์บนรายงาน ไม่ซ้ำกับฉบับใด"),
    TableColumn("reporter", "ผู้รายงาน", 24, "ชื่อผู้รายงาน ว่างเมื่อลงชื่อด้วยมือ"),
    TableColumn("reporter_post", "ตำแหน่งผู้รายงาน", 26, "ตำแหน่งของผู้รายงาน"),
    TableColumn("reported_on", "วันที่รายงาน", 13, "วันที่ส่งรายงานเพื่ออนุมัติ"),
    TableColumn("approved_by", "ผู้อนุมัติ", 24, "ชื่อผู้อนุมัติ"),
    TableColumn("approved_post", "ตำแหน่งผู้อนุมัติ", 26, "ตำแหน่งของผู้อนุมัติ"),
    TableColumn("approved_on", "วันที่อนุมัติ", 13, "วันที่อนุมัติรายงาน"),
    TableColumn("address", "ที่อยู่สำหรับตรวจสอบ", 40, "หน้าเว็บสาธารณะของฉบับนี้"),
    TableColumn("agency", "หน่วยงาน", 34, "ชื่อเต็มของหน่วยงาน"),
    TableColumn("province", "จังหวัด", 18, "จังหวัดของหน่วยงาน ว่างได้"),
    TableColumn("as_of", "ข้อมูล ณ วันที่", 14, "วันที่อ่านข้อมูลมาทำรายงาน"),
)
# The columns that say the same in every row of a report.
OF_REPORT: Final = COLUMNS[[column.key for column in COLUMNS].index("state") :]
# Only in a report that stands beside an earlier one, and there in every row of a measure.
CHANGE_COLUMNS: Final = (
    TableColumn("change", "การเปลี่ยนแปลงจากรอบก่อน", 24, "สิ่งที่เปลี่ยนจากรายงานรอบ 6 เดือน คั่นด้วย ·"),
    TableColumn("status_before", "สถานะในรอบก่อน", 18, "ว่างเมื่อเป็นมาตรการที่เพิ่มใหม่"),
    TableColumn("result_before", "ผลการดำเนินงานในรอบก่อน", 42, "รายละเอียดตามรายงานรอบ 6 เดือน"),
    TableColumn("steps_done_before", "ขั้นตอนที่เสร็จในรอบก่อน", 14, "จำนวนขั้นตอน ไม่นับของมาตรการที่ยกเลิก"),
    TableColumn("steps_before", "ขั้นตอนทั้งหมดในรอบก่อน", 14, "จำนวนขั้นตอน ไม่นับของมาตรการที่ยกเลิก"),
)
# Only in a file of invented facts, and there in every row: rows are copied into other tables.
SAMPLE_COLUMN: Final = TableColumn("sample_note", "หมายเหตุ", 20, "ข้อมูลตัวอย่าง คือเรื่องสมมุติเพื่อทดลองใช้ระบบ")
# Of the workbook's sheet of evidence.
EVIDENCE_COLUMNS: Final = (
    TableColumn("number", "ลำดับที่", 10, "ลำดับในภาคผนวกของรายงาน นับจาก 1 ตลอดรายงาน"),
    TableColumn("measure", "ลำดับมาตรการ", 13, "ลำดับมาตรการในแผ่นงานรายงาน"),
    TableColumn("name", "ชื่อหลักฐาน", 50, "ชื่อหลักฐาน หรือ “เก็บไว้ที่หน่วยงาน” เมื่อไม่เผยแพร่"),
    TableColumn("effective_on", "วันที่ของหลักฐาน", 16, "วันที่ของสิ่งที่หลักฐานแสดง"),
    TableColumn("web_address", "ที่อยู่เว็บ", 50, "ที่อยู่เว็บของหลักฐาน ว่างเมื่อเป็นไฟล์"),
    TableColumn("place", "ที่เก็บ", 26, "ที่ซึ่งดูไฟล์ได้ และในร่าง คำที่บอกว่าฉบับที่อนุมัติจะไม่มีชื่อและที่อยู่ของหลักฐานนี้"),
    TableColumn("sha256", "SHA-256", 34, "ค่า SHA-256 ของไฟล์ เลขฐานสิบหก ว่างเมื่อเป็นที่อยู่เว็บ"),
    TableColumn("file", "ไฟล์", 20, "ชนิดและขนาดของไฟล์ ว่างเมื่อเป็นที่อยู่เว็บและเมื่อไม่เผยแพร่"),
)


def columns_of(document: ReportDocument) -> tuple[TableColumn, ...]:
    """The columns of a document's rows."""
    changes = CHANGE_COLUMNS if document.earlier else ()
    return (*COLUMNS, *changes, *((SAMPLE_COLUMN,) if document.sample_note else ()))


def rows(document: ReportDocument) -> Iterator[tuple[Cell, ...]]:
    """The cells of columns_of() for each step; a measure without steps has one row with empty step cells."""
    same = of_report(document)
    sample = (document.sample_note,) if document.sample_note else ()
    changes = changes_in(document)
    of_measures = [change_of(change) for change in changes.measures] if changes else repeat(())
    measures = ((section, measure) for section in document.sections for measure in section.measures)
    # What is gone has no row here: it comes after all others.
    for number, ((section, measure), of_measure) in enumerate(zip(measures, of_measures, strict=False), 1):
        for step in measure.steps or (None,):
            yield (*_row(document, section, number, measure, step), *same, *of_measure, *sample)


def change_of(change: MeasureChange) -> tuple[Cell, ...]:
    """The cells of CHANGE_COLUMNS."""
    steps = change.steps_before
    counts = (steps.done, steps.total) if steps else (None, None)
    return (change.words, change.status_before, change.result_before, *counts)


def evidence_rows(document: ReportDocument) -> Iterator[tuple[Cell, ...]]:
    """The cells of EVIDENCE_COLUMNS for each line of the annex."""
    of_measure = [number for number, row in enumerate(document.measures, 1) for _ in row.evidence]
    for number, found in zip(of_measure, annex(document), strict=True):
        place = " ".join(text for text in (found.place, f"({STAYS})" if found.stays else "") if text)
        yield (found.number, number, found.name, found.day, found.address, place, found.sha256, found.file)


def of_report(document: ReportDocument) -> tuple[Cell, ...]:
    """The cells of OF_REPORT, which are the same in every row."""
    return (*_approval_of(document), document.agency, document.province, document.as_of)


def _approval_of(document: ReportDocument) -> tuple[Cell, ...]:
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
