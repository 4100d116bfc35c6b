"""What changed between two reports of one agency: plain facts against plain facts, no database.

Evidence is compared as it leaves the agency, so that a draft that tells all does not differ from the edition
that was made of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.thai_calendar import long_date
from reports.document.annex import entry
from reports.document.changes import paired
from reports.document.facts import MeasureRow, ReportDocument
from reports.document.redaction import for_everybody


@dataclass(frozen=True)
class ReportDifference:
    """One field of a measure that differs; before and after as people read them, empty for nothing."""

    measure: str
    field: str
    before: str
    after: str


def differences(before: ReportDocument, after: ReportDocument) -> Sequence[ReportDifference]:
    """What is different in the later report, in its printed order; measures that are gone come last."""
    found: list[ReportDifference] = []
    for old, new in paired(for_everybody(before).measures, for_everybody(after).measures):
        if old and new:
            found += _changed(old, new)
        elif new:
            found.append(ReportDifference(new.title, "มาตรการ", "", "เพิ่มใหม่"))
        elif old:
            found.append(ReportDifference(old.title, "มาตรการ", "มีในฉบับก่อน", "นำออกแล้ว"))
    return found


def _changed(before: MeasureRow, after: MeasureRow) -> Iterator[ReportDifference]:
    for field, old, new in (
        ("ชื่อมาตรการ", before.title, after.title),
        ("สถานะ", _status(before), _status(after)),
        ("เหตุผล", before.reason, after.reason),
        ("ผลการดำเนินงาน", before.result, after.result),
        ("ปัญหา/อุปสรรค และข้อเสนอแนะ", before.obstacle, after.obstacle),
        ("กำหนดแล้วเสร็จ", before.due_text, after.due_text),
        ("ผู้รับผิดชอบ", ", ".join(before.parties), ", ".join(after.parties)),
        ("หลักฐาน", *_evidence(before, after)),
    ):
        if old != new:
            yield ReportDifference(after.title, field, old, new)
    yield from _steps(before, after)


def _steps(before: MeasureRow, after: MeasureRow) -> Iterator[ReportDifference]:
    """A step is the same where its text is; its number follows from the others."""
    old = {step.text: step for step in before.steps}
    for step in after.steps:
        field = f"ขั้นตอน {step.label} {step.text}"
        if step.text not in old:
            yield ReportDifference(after.title, field, "", "เพิ่มใหม่")
        elif (was := old.pop(step.text)).done_on != step.done_on:
            yield ReportDifference(
                after.title,
                field,
                f"เสร็จ {long_date(was.done_on)}" if was.done_on else "ยังไม่รายงาน",
                f"เสร็จ {long_date(step.done_on)}" if step.done_on else "ยังไม่รายงาน",
            )
    for step in old.values():
        yield ReportDifference(after.title, f"ขั้นตอน {step.label} {step.text}", "มีในฉบับก่อน", "นำออกแล้ว")


def _status(row: MeasureRow) -> str:
    return f"{row.status_label} (ล่าช้า)" if row.late else row.status_label


def _evidence(before: MeasureRow, after: MeasureRow) -> tuple[str, str]:
    """By title; what is kept at the agency by its day, and by its file's hash where both reports note hashes.

    Those of version 1 do not.
    """
    with_hash = all(any(line.sha256 for line in row.evidence) for row in (before, after))
    return _named(before, with_hash=with_hash), _named(after, with_hash=with_hash)


def _named(row: MeasureRow, *, with_hash: bool) -> str:
    names = []
    for line in row.evidence:
        found = entry(line, is_draft=False)
        day = f" {long_date(found.day)}" if found.kept else ""
        digest = f" SHA-256 {found.sha256}" if found.kept and found.sha256 and with_hash else ""
        names.append(f"{found.name}{day}{digest}")
    return ", ".join(names)
