"""The status of a measure and the rules about it. No database, no clock: callers say which day it is."""

from datetime import date
from typing import Final

from django.db import models


class Status(models.TextChoices):
    """How far a measure is (ผลการดำเนินงาน). Late is not a status: it follows from the due date."""

    NOT_STARTED = "not_started", "ยังไม่ได้ดำเนินการ"
    IN_PROGRESS = "in_progress", "อยู่ระหว่างดำเนินการ"
    DONE = "done", "ดำเนินการแล้วเสร็จ"
    CANCELLED = "cancelled", "ยกเลิก"


# On screens, where the printed report has the official words above. Late stands beside the others.
SHORT_WORDS: Final = {
    "not_started": "ยังไม่เริ่ม",
    "in_progress": "กำลังดำเนินการ",
    "done": "แล้วเสร็จ",
    "cancelled": "ยกเลิก",
    "late": "ล่าช้า",
}

FINISHED: Final = frozenset({Status.DONE, Status.CANCELLED})


def is_late(status: str, due_on: date | None, on: date) -> bool:
    """Whether a measure is late on a day: its due date has passed and it is neither done nor cancelled."""
    return due_on is not None and due_on < on and status not in FINISHED


def why_reason_is_needed(status: str, due_on: date | None, on: date, round_end: date) -> str:
    """The Thai sentence that asks for a reason, or an empty text where none is needed.

    Args:
        on: the day the status is reported.
        round_end: the end of the first round of the year; once it has passed, "not started" is an answer
            that a published report has to explain.
    """
    if status == Status.CANCELLED:
        return "กรุณาระบุเหตุผลที่ยกเลิกมาตรการนี้"
    if is_late(status, due_on, on):
        return "มาตรการนี้เลยกำหนดแล้ว กรุณาระบุเหตุผลที่ล่าช้า"
    if status == Status.NOT_STARTED and on > round_end:
        return "พ้นรอบการรายงานแล้ว กรุณาระบุเหตุผลที่ยังไม่ได้ดำเนินการ"
    return ""


def after_first_tick(status: str) -> str:
    """The status once a step has been ticked: work that has a step done has started."""
    return Status.IN_PROGRESS if status == Status.NOT_STARTED else status
