"""The report as a flat table, one row a step with its measure's columns: what CSV and Excel share."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from reports.document import IndicatorSection, MeasureRow, ReportDocument, StepLine

Cell = str | int | bool | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in the data dictionary, its Thai heading, its width in characters."""

    key: str
    heading: str
    width: int


COLUMNS: Final = (
    Column("fiscal_year", "ปีงบประมาณ", 12),
    Column("months", "รอบ (เดือน)", 11),
    Column("indicator", "ตัวชี้วัดที่", 10),
    Column("indicator_name", "ชื่อตัวชี้วัด", 26),
    Column("measure", "ลำดับมาตรการ", 13),
    Column("title", "มาตรการ", 44),
    Column("step", "ขั้นตอนที่", 10),
    Column("step_text", "ขั้นตอน/วิธีการปฏิบัติ", 60),
    Column("step_done_on", "ขั้นตอนเสร็จเมื่อ", 16),
    Column("parties", "ผู้รับผิดชอบ", 34),
    Column("due_text", "กำหนดแล้วเสร็จ", 26),
    Column("due_on", "วันครบกำหนด", 13),
    Column("status", "สถานะ", 20),
    Column("late", "ล่าช้า", 9),
    Column("result", "ผลการดำเนินงาน (รายละเอียด)", 50),
    Column("obstacle", "ปัญหา/อุปสรรค และข้อเสนอแนะ", 40),
    Column("reason", "เหตุผล", 30),
    Column("evidence", "หลักฐาน", 50),
)


def rows(document: ReportDocument) -> Iterator[tuple[Cell, ...]]:
    """The cells of COLUMNS for each step; a measure without steps has one row with empty step cells."""
    number = 0
    for section in document.sections:
        for measure in section.measures:
            number += 1
            for step in measure.steps or (None,):
                yield _row(document, section, number, measure, step)


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
        "\n".join(f"{line.effective_on} {line.title} {line.address}" for line in measure.evidence),
    )
