"""What a person does next at a round: approve, correct, submit, publish; or whom to ask for a report."""

from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from accounts.models import User
from core.thai_calendar import short_date
from measures.listing import internal_deadline
from reports.models import Round, RoundState, SubmissionOutcome
from reports.waiting.items import WaitingItem, days_in_words, page, round_name

# From how many days before the divisions' deadline on the officer is told who has not reported, which is the
# day of the first reminder; and before the end of the round, that it can be submitted or what it lacks.
SILENT_FROM: Final = 30
READY_FROM: Final = 15


def waiting_round(
    user: User,
    round_: Round,
    today: date,
    *,
    submits: bool,
    approves: bool,
    at_work: bool,
    silent: int,
) -> WaitingItem | None:
    """What waits for the person at a round that was read with what waits; no query.

    Args:
        at_work: whether its plan is still worked on.
        silent: how many divisions have not reported in it.
    """
    found = vars(round_)
    last = found["last"] or {"outcome": None}
    at = found["last_at"] and short_date(timezone.localdate(found["last_at"]))
    if round_.state == RoundState.SUBMITTED:
        own = last.get("submitter") == user.pk and not round_.plan.agency.allows_own_approval
        what = "แก้ไขฉบับเดิม รออนุมัติ" if round_.correction else "รออนุมัติ"
        item = _item("approve", round_, f"{what} · ส่งเมื่อ {at}", "ตรวจและอนุมัติ", quote=round_.correction)
        return item if approves and not own else None
    if not submits:
        return None
    if round_.state == RoundState.APPROVED:
        return None if found["is_public"] else _item("publish", round_, "อนุมัติแล้ว รอเผยแพร่", "เผยแพร่")
    if last["outcome"] == SubmissionOutcome.RETURNED:
        said = f"ส่งกลับเมื่อ {at}"
        return _item("returned_round", round_, said, "แก้ไขและส่งใหม่", quote=last["reason"], is_late=True)
    if found["has_edition"]:
        return _item("ready", round_, "", "แก้ไขและส่งใหม่", quote=round_.correction)
    return _open(round_, today, silent) if at_work else None


def _open(round_: Round, today: date, silent: int) -> WaitingItem | None:
    until = internal_deadline(round_.plan, round_.length)
    if silent and today >= until - timedelta(days=SILENT_FROM):
        near = days_in_words((until - today).days)
        return WaitingItem(
            "silent",
            f"{silent} ส่วนราชการยังไม่รายงานรอบ {round_.months} เดือน ปี {round_.plan.fiscal_year}",
            silent,
            page("report", round_.plan.fiscal_year, round_.months),
            "ดูและเตือน",
            "reports",
            detail=f"กำหนดส่งภายใน {short_date(until)} · {near}",
            round=round_,
            is_late=today > until,
        )
    if today >= min(until, round_.ends_on - timedelta(days=READY_FROM)):
        # Which of both it is takes a look at all measures: add_details() says it.
        return _item("ready", round_, "", "ตรวจและส่ง")
    return None


def _item(
    kind: str, round_: Round, detail: str, button: str, *, quote: str = "", is_late: bool = False
) -> WaitingItem:
    return WaitingItem(
        kind,
        round_name(round_),
        1,
        page("report", round_.plan.fiscal_year, round_.months),
        button,
        "reports",
        detail=detail,
        quote=quote,
        is_late=is_late,
        round=round_,
    )
