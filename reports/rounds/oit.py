"""The row that answers an item of the OIT checklist by a report, and whether the answer would hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.document.facts import ReportDocument
from reports.models import OitAnswer


@dataclass(frozen=True)
class Check:
    """One thing that whoever assesses the answer will look for."""

    holds: bool
    sentence: str


@dataclass(frozen=True)
class OitRow:
    """Item, address and explanation, ready to be copied."""

    item: str
    title: str
    address: str
    explanation: str
    checks: Sequence[Check]

    @property
    def line(self) -> str:
        """The row for a spreadsheet or a form: fields between tabs, on one line."""
        fields = (f"{self.item} {self.title}", self.address, self.explanation)
        return "\t".join(" ".join(field.split()) for field in fields)


def oit_row(answer: OitAnswer, address: str, document: ReportDocument, *, is_public: bool) -> OitRow:
    """The row of an approved report, with the checks on what the item asks for."""
    measures = list(document.measures)
    return OitRow(
        answer.item,
        answer.title,
        address,
        answer.explanation,
        [
            Check(is_public, "หน้าสาธารณะเปิดดูได้โดยไม่ต้องลงชื่อเข้าใช้"),
            Check(bool(measures), "รายงานมีมาตรการ"),
            Check(all(row.steps for row in measures), "ทุกมาตรการมีขั้นตอนหรือวิธีการปฏิบัติ"),
            Check(all(row.parties for row in measures), "ทุกมาตรการมีผู้รับผิดชอบ"),
            Check(all(row.due_text or row.due_on for row in measures), "ทุกมาตรการมีกำหนดแล้วเสร็จ"),
            Check(
                all(row.result or row.status != "done" for row in measures),
                "มาตรการที่ดำเนินการแล้วเสร็จมีผลการดำเนินงานทุกข้อ",
            ),
        ],
    )
