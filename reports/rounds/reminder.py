"""The text with which an officer reminds the divisions that have not reported."""

from collections.abc import Sequence

from core.thai_calendar import long_date
from reports.models import Round
from reports.rounds.selectors import Waiting


def reminder(reporting_round: Round, waiting: Sequence[Waiting]) -> str:
    """A message ready to be pasted into a chat or a letter; plain text with Arabic digits."""
    plan = reporting_round.plan
    asked_for = f"ปีงบประมาณ พ.ศ. {plan.fiscal_year} รอบ {reporting_round.months} เดือน"
    until = long_date(reporting_round.ends_on)
    deadline = reporting_round.internal_deadline
    within = f" ภายในวันที่ {long_date(deadline)}" if deadline < reporting_round.ends_on else ""
    request = (
        f"ขอความร่วมมือรายงานผลตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส {asked_for} (ข้อมูลถึงวันที่ {until})"
        f"{within} ในระบบ ITA Tracker รายการที่ยังไม่มีการรายงานมีดังนี้"
    )
    lines = [
        f"เรียน ส่วนราชการของ{plan.agency.name}",
        "",
        request,
    ]
    for found in waiting:
        lines += ["", found.division.name, *(f"- {measure.title}" for measure in found.measures)]
    return "\n".join([*lines, "", "ขอบคุณค่ะ/ครับ"])
