"""What a person is asked once before a round moves on.

The same page is shown again, with what follows from a yes and a second button; without a script as with one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.thai_calendar import long_date
from measures.models import Measure
from reports.models import Round, Submission
from reports.rounds.selectors import closes_plan, waiting_for

# The field by which a form says that its person was asked.
CONFIRMED: Final = "confirmed"


@dataclass(frozen=True)
class Question:
    """What is asked; heading, lines and labels in Thai with Arabic digits."""

    heading: str
    lines: Sequence[str]
    route: str
    """The name of the address to which a yes is sent."""
    yes: str
    no: str
    busy: str
    """What the button says while it works."""
    submission: int | None = None
    """The submission that the person saw."""


def about_submitting_early(
    reporting_round: Round, measures: Sequence[Measure], today: date
) -> Question | None:
    """Asked before the last day of a round: what divisions do until then will not be in the report.

    Args:
        measures: those of the round, by measures_of().
    """
    days = (reporting_round.ends_on - today).days
    if days <= 0:
        return None
    until = long_date(reporting_round.ends_on)
    lines = [
        f"ข้อมูลของรายงานรอบนี้ถึงวันที่ {until} ผลที่ส่วนราชการบันทึกหลังจากส่งจะไม่อยู่ในรายงานฉบับที่ส่ง",
        "หากส่งแล้วต้องการแก้ไข ถอนรายงานคืนได้จนกว่าผู้บริหารจะอนุมัติ",
    ]
    if waiting := waiting_for(reporting_round, measures):
        names = ", ".join(found.division.name for found in waiting)
        lines.insert(0, f"ยังมี {len(waiting)} ส่วนราชการที่ยังไม่รายงานในรอบนี้: {names}")
    return Question(
        heading=f"รอบ {reporting_round.months} เดือนยังเหลืออีก {days} วัน จะส่งตอนนี้หรือไม่",
        lines=lines,
        route="submit_round",
        yes="ส่งตอนนี้",
        no="ยังไม่ส่ง",
        busy="กำลังส่ง…",
    )


def about_approving(submission: Submission) -> Question:
    """Asked before a report is approved: what cannot be undone afterwards.

    Args:
        submission: with its round and plan, the round with_decisions().
    """
    reporting_round = submission.round
    year = reporting_round.plan.fiscal_year
    lines = [
        f"เมื่ออนุมัติ รายงานนี้เป็นฉบับที่ {reporting_round.edition_count + 1} ซึ่งแก้ไข ลบ หรือยกเลิกการอนุมัติไม่ได้อีก",
        "หากพบข้อผิดพลาดภายหลัง เจ้าหน้าที่ผู้รับผิดชอบ ITA ต้องเปิดรอบเพื่อแก้ไขพร้อมเหตุผล แล้วส่งให้อนุมัติเป็นฉบับใหม่",
    ]
    if closes_plan(reporting_round):
        lines.append(
            f"แผนปีงบประมาณ พ.ศ. {year} จะปิด ส่วนราชการรายงานและเจ้าหน้าที่แก้ไขแผนไม่ได้อีก จนกว่าจะเปิดรอบเพื่อแก้ไข"
        )
    return Question(
        heading=f"อนุมัติรายงานรอบ {reporting_round.months} เดือน ปีงบประมาณ พ.ศ. {year} หรือไม่",
        lines=lines,
        route="approve_round",
        yes="ยืนยันอนุมัติ",
        no="ยังไม่อนุมัติ",
        busy="กำลังอนุมัติ…",
        submission=submission.pk,
    )
