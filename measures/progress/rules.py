"""What a report on a measure must be, whoever sends it: its page, a change of many, or a workbook."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from core.fields import TOO_LONG
from core.text import plain_text, with_unix_newlines
from measures.models import LONG_TEXT, Measure, Part, Report
from measures.progress.services import Progress
from measures.status import Status, why_reason_is_needed

STORED_FIELDS: Final = ("status", "status_reason", "result", "obstacle")
LABELS: Final = {
    "status": "สถานะ",
    "status_reason": "เหตุผล",
    "result": "ผลการดำเนินงาน",
    "obstacle": "ปัญหา/อุปสรรค และข้อเสนอแนะ",
}
MAX_LENGTHS: Final = {"status_reason": 1_000, "result": LONG_TEXT, "obstacle": LONG_TEXT}
# What is done with the steps that are still open when a measure is reported as done.
FINISH_STEPS: Final = "finish"
KEEP_STEPS: Final = "keep"
UNKNOWN_STATUS: Final = "ตัวเลือกนี้ไม่มีแล้ว กรุณาเลือกใหม่"


def progress_of(values: Mapping[str, str]) -> Progress:
    """A report from values as they were typed: LF line ends, no space around them."""
    return Progress(**{name: with_unix_newlines(values[name]).strip() for name in STORED_FIELDS})


def broken_rules(
    measure: Measure, status: str, reason: str, open_count: int, open_steps: str, today: date
) -> Mapping[str, str]:
    """What is wrong with a report as a whole: Thai sentences by the field where they belong.

    Args:
        open_count: how many steps are not marked done.
        open_steps: what to do with them: FINISH_STEPS, KEEP_STEPS, or empty where nothing was chosen.
        today: the day against which "late" is judged.
    """
    found: dict[str, str] = {}
    why = why_reason_is_needed(status, measure.due_on, today, measure.plan.year.round_end(6))
    if why and not reason:
        found["status_reason"] = why
    if status == Status.DONE and open_count and not open_steps:
        found["open_steps"] = f"ยังมี {open_count} ขั้นตอนที่ไม่ได้ทำเครื่องหมายว่าเสร็จ กรุณาเลือกว่าจะให้ทำอย่างไร"
    return found


def open_steps_of(report: Report) -> int:
    """How many steps are not marked done, and may be by whoever saves the report.

    Where each division reports its part, the steps are ticked there: the measure's own report asks for none.
    """
    if isinstance(report, Part):
        return report.measure.steps_total - report.ticks_done
    return 0 if report.by_division else report.steps_total - report.steps_done


def reasons_asked(measure: Measure, today: date) -> Mapping[str, str]:
    """The Thai sentence that asks for a reason, by each status that needs one on this day."""
    end = measure.plan.year.round_end(6)
    asked = ((status, why_reason_is_needed(status, measure.due_on, today, end)) for status in Status.values)
    return {status: why for status, why in asked if why}


def problems_of(report: Report, progress: Progress, open_steps: str, today: date) -> Mapping[str, str]:
    """All that is wrong with a report that comes from no form: its values, and the rules for the whole.

    The measure comes with_step_counts(), and with_parts() where the report is a part.
    """
    measure, open_count = report.about, open_steps_of(report)
    reason = progress.status_reason
    found = dict(broken_rules(measure, progress.status, reason, open_count, open_steps, today))
    if progress.status not in Status.values:
        found["status"] = UNKNOWN_STATUS
    for name, most in MAX_LENGTHS.items():
        if problem := _problem_of_text(getattr(progress, name), most):
            found[name] = problem
    return found


def _problem_of_text(text: str, most: int) -> str:
    if len(text) > most:
        return TOO_LONG % {"limit_value": most, "show_value": len(text)}
    try:
        plain_text(text)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
