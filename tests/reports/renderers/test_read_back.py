"""A report in Word or Excel can be taken in as a plan again: of all its tables, the right one is read."""

import io
from dataclasses import replace
from datetime import date
from typing import Final

import pytest
from openpyxl import load_workbook

from measures.plan_import.choices import Choices
from measures.plan_import.parsing import parse
from measures.plan_import.understanding.own_reports import BEFORE, SAME
from reports.document.changes import as_earlier
from reports.document.facts import EvidenceLine, ReportDocument, StepLine
from reports.renderers import FORMATS
from tests.support.papers import MARK, ROW, document, section

STEPS: Final = (
    *(StepLine(label, 1, f"ขั้นตอนที่ {label}", None) for label in ("1.", "2.")),
    *(StepLine(f"2.{n}", 2, f"ขั้นตอนย่อย {n}", None) for n in range(1, 12)),
    StepLine("3.", 1, "สรุปผล", None),
)
PROOF: Final = EvidenceLine(1, "ประกาศนโยบาย", "https://example.com/", date(2023, 2, 1), public=True)
REPORT: Final = document(
    section(1, replace(ROW, steps=STEPS, evidence=(PROOF,), late=True, reason="รอสภา")),
    section(2, replace(ROW, title="มาตรการเปิดเผยข้อมูล", parties=("สำนักปลัด",))),
    section(8, replace(ROW, title="โครงการอบรม", result="อบรมแล้ว " * 500)),
    edition=MARK,
)


BESIDE: Final = replace(
    REPORT,
    months=12,
    earlier=as_earlier(document(section(1, ROW, replace(ROW, title="มาตรการที่นำออก")), edition=MARK)),
)


@pytest.mark.parametrize("report", [REPORT, BESIDE], ids=["alone", "beside"])
@pytest.mark.parametrize("name", ["docx", "xlsx"])
def test_each_measure_is_there_once_with_its_steps_and_divisions(name: str, report: ReportDocument) -> None:
    plan = parse(f"report.{name}", FORMATS[name].render(report).content, 2566)
    assert [(found.indicator, found.title) for found in plan.measures] == [
        (part.number, measure.title) for part in REPORT.sections for measure in part.measures
    ]
    for found, measure in zip(plan.measures, REPORT.measures, strict=True):
        assert [(step.level, step.text) for step in found.steps] == [
            (step.level, step.text) for step in measure.steps
        ]
        assert tuple(party.name for party in found.parties) == measure.parties


def test_what_is_left_out_is_named_with_why_and_can_be_brought_in() -> None:
    content = FORMATS["xlsx"].render(BESIDE).content
    reasons = {table.name: table.reason for table in parse("report.xlsx", content, 2566).tables}
    assert reasons.pop("แผ่นงาน สำหรับพิมพ์") == ""
    assert len(reasons) == 5
    assert set(reasons.values()) == {SAME}
    brought = parse("report.xlsx", content, 2566, choices=Choices(brought_in=frozenset({"3"})))
    assert "มาตรการที่นำออก" in [found.title for found in brought.measures]
    tables = parse("report.docx", FORMATS["docx"].render(BESIDE).content, 2566).tables
    assert BEFORE in {table.reason for table in tables}


def test_another_workbook_with_a_sheet_of_one_of_the_names_is_read() -> None:
    book = load_workbook(io.BytesIO(FORMATS["xlsx"].render(REPORT).content))
    for name in set(book.sheetnames) - {"รายงาน"}:
        del book[name]
    out = io.BytesIO()
    book.save(out)
    assert parse("plan.xlsx", out.getvalue(), 2566).measures
